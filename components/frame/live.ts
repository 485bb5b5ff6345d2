"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveState } from "../shell/live-dot";

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;
/** The server says something every 15 s; after this much silence the page asks again, as after a laptop's sleep. */
const SILENCE_MS = 40_000;

/** Listens to what changes in the environment and refreshes the queries it concerns. */
export function useLive(environment: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("reconnecting");
  useEffect(() => {
    let source: EventSource | null = null;
    let retry = FIRST_RETRY_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let heardAt = Date.now();
    const connect = () => {
      clearTimeout(timer);
      source?.close();
      source = new EventSource(`/api/v1/events?environment=${encodeURIComponent(environment)}`);
      source.addEventListener("open", () => {
        heardAt = Date.now();
        retry = FIRST_RETRY_MS;
        setState("live");
        // What changed while nobody listened is not told again.
        void client.invalidateQueries({ queryKey: [environment] });
      });
      source.addEventListener("alive", () => {
        heardAt = Date.now();
      });
      source.addEventListener("change", (event) => {
        heardAt = Date.now();
        const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] };
        for (const topic of topics) void client.invalidateQueries({ queryKey: [environment, topic] });
      });
      source.addEventListener("error", () => {
        source?.close();
        setState(navigator.onLine ? "reconnecting" : "offline");
        timer = setTimeout(connect, retry);
        retry = Math.min(retry * 2, MAX_RETRY_MS);
      });
    };
    connect();
    const watch = setInterval(() => {
      if (Date.now() - heardAt > SILENCE_MS) connect();
    }, 10_000);
    const wake = () => {
      if (document.visibilityState === "visible" && Date.now() - heardAt > SILENCE_MS) connect();
    };
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearTimeout(timer);
      clearInterval(watch);
      document.removeEventListener("visibilitychange", wake);
      source?.close();
    };
  }, [client, environment]);
  return state;
}
