import "@/components/kit/styles";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Providers } from "@/components/kit/providers";

export const metadata: Metadata = { title: { default: "Interlock", template: "%s · Interlock" }, icons: "/icon.svg" };
export const viewport: Viewport = { width: "device-width", initialScale: 1 };
// Every page says what is true now; nothing is rendered ahead of time.
export const dynamic = "force-dynamic";

export default function Root({ children }: { children: ReactNode }) {
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" />
      </head>
      <body>
        <Providers now={Date.now()}>{children}</Providers>
      </body>
    </html>
  );
}
