"use strict";

const page = document.getElementById("swagger-ui");
SwaggerUIBundle({
  domNode: page,
  url: page.dataset.url,
  deepLinking: true,
  displayRequestDuration: true,
  layout: "BaseLayout",
  showCommonExtensions: true,
  showExtensions: true,
  // Its default sends the document to a server of Swagger's.
  validatorUrl: null,
});
