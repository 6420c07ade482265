import "@fontsource-variable/inter";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "@/components/features/Providers";
import { logLevel, tracesEndpoint } from "@/lib/env";
import { texts } from "@/lib/texts";
import { parseTheme, THEME_COOKIE } from "@/utils/theme";

export const metadata: Metadata = {
  title: { default: texts.app.name, template: `%s · ${texts.app.name}` },
  description: texts.app.description,
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafafb" },
    { media: "(prefers-color-scheme: dark)", color: "#0f1114" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html
      lang="en"
      data-theme={theme}
      // Settings that the browser has to know are read when the server starts, like all others.
      data-log-level={logLevel()}
      data-tracing={tracesEndpoint() ? "on" : undefined}
    >
      <body>
        <a
          href="#main"
          className="sr-only z-40 rounded-md bg-accent px-3 py-2 text-sm font-medium text-white focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
        >
          {texts.app.skipToContent}
        </a>
        <Providers theme={theme}>{children}</Providers>
      </body>
    </html>
  );
}
