"use client";

import { Button, Tooltip } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RunShape } from "@/lib/runs/schema";
import { api } from "../../api";
import { previewQuery, stateQuery } from "../../controls/queries";
import { usePlace } from "../../frame/place";
import { ConfirmReason, ConfirmStop } from "../../kit/confirm";
import { notify } from "../../kit/notify";
import { shorten } from "../../kit/numbers";
import { detailOf } from "../problem";

type SwitchSet = { switch_id: string; audit_row: number };

/** Two steps: why, then what ends. What came of it is shown by StopProgress, on this page. */
export function StopRun({ run }: { run: RunShape }) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const client = useQueryClient();
  const [step, setStep] = useState<"none" | "why" | "sure">("none");
  const [reason, setReason] = useState("");
  const preview = useQuery({ ...previewQuery(slug, { kind: "run", key: run.run_id }), enabled: step !== "none" });
  const stop = useMutation({
    mutationFn: () =>
      api(slug).post<SwitchSet>("/switches", { scope: { kind: "run", key: run.run_id }, mode: "stop", reason }),
    onSuccess: async (set) => {
      setStep("none");
      notify({
        tone: "good",
        title: "The stop is sent",
        message: "This page shows when the run has seen it, and when it has ended. ",
        audit: { label: `Audit row ${set.audit_row}`, href: `/${slug}/audit?target=${set.switch_id}` },
      });
      await client.invalidateQueries({ queryKey: stateQuery(slug).queryKey });
    },
  });
  if (run.status !== "running" && run.status !== "waiting") return null;
  const allowed = may["control.set"] === true;
  const children = Math.max(0, (preview.data?.runs ?? 1) - 1);
  const cooperative = run.gate === "cooperative";
  const button = (
    <Button
      variant="outline"
      color="red"
      leftSection={<IconHandStop size={15} aria-hidden />}
      data-disabled={!allowed || undefined}
      aria-disabled={!allowed || undefined}
      onClick={() => allowed && setStep("why")}
    >
      Stop this run…
    </Button>
  );
  return (
    <>
      {allowed ? button : <Tooltip label="It needs the role operator or admin in this environment.">{button}</Tooltip>}
      <ConfirmReason
        opened={step === "why"}
        onClose={() => setStep("none")}
        title="Stop this run: why?"
        confirmLabel="Next…"
        facts={[
          { term: "Run", value: shorten(run.run_id, 24, 8) },
          { term: "Agent", value: run.agent_id },
        ]}
        onConfirm={(given) => {
          setReason(given);
          stop.reset();
          setStep("sure");
        }}
      >
        {cooperative
          ? "This run came without the gate. The agent is told, but nothing here can hold its calls or prove that it stopped."
          : "The run ends with kill_switch. What it has written stays written."}
      </ConfirmReason>
      <ConfirmStop
        opened={step === "sure"}
        onClose={() => setStep("none")}
        title={`Stop run ${shorten(run.run_id, 16, 6)}`}
        counts={[
          { count: 1, text: cooperative ? "run is asked to stop" : "run ends with kill_switch", id: "run" },
          ...(children > 0 ? [{ count: children, text: "runs that it started end with it", id: "children" }] : []),
        ]}
        facts={[
          { term: "Reason", value: reason },
          { term: "Until", value: "a person releases it" },
          { term: "Audit", value: "one row, under your name" },
        ]}
        confirmLabel={children > 0 ? `Stop ${children + 1} runs now` : "Stop 1 run now"}
        busy={stop.isPending}
        error={detailOf(stop.error)}
        onConfirm={() => stop.mutate()}
      />
    </>
  );
}
