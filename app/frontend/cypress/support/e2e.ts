import "cypress-axe";
