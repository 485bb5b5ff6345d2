"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Where the browser sees this server: "https://interlock.example.com"; empty while the server renders. */
export const useOrigin = (): string =>
  useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
