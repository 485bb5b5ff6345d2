"use client";

import type { CaseShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { money, shorten } from "../../kit/numbers";
import { TextLink } from "../../kit/text";
import { runHref } from "../../runs/list/columns";
import q from "../queue/queue.module.css";
import s from "./batch.module.css";
import { compare } from "./model";

export function BatchTable({ cases, onTakeOut }: { cases: CaseShape[]; onTakeOut: (id: string) => void }) {
  const { slug } = usePlace().environment;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={s.scroll} aria-label="What is the same, and what is not" tabIndex={0}>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">Key</th>
            {cases.map((each) => (
              <th key={each.id} scope="col">
                {shorten(each.id, 8, 4)}
                {each.tenant_id && `, ${each.tenant_id}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {compare(cases).map((row) => (
            <tr key={row.key} data-same={row.same || undefined}>
              <th scope="row">{row.key}</th>
              {row.same ? (
                <td colSpan={cases.length}>
                  <code>{row.values[0]}</code>
                </td>
              ) : (
                row.values.map((value, n) => (
                  <td key={cases[n]?.id}>
                    <code>{value}</code>
                  </td>
                ))
              )}
            </tr>
          ))}
          <tr>
            <th scope="row" data-words>
              Intent
            </th>
            {cases.map((each) => (
              <td key={each.id}>{each.intent?.reason ? `“${each.intent.reason}”` : "–"}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">sha256</th>
            {cases.map((each) => (
              <td key={each.id} title={each.args_hash}>
                <code>{shorten(each.args_hash, 4, 4)}</code>
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row" data-words>
              Run, cost
            </th>
            {cases.map((each) => (
              <td key={each.id}>
                <TextLink href={runHref(slug, each.run_id)}>{shorten(each.run_id, 8, 4)}</TextLink>,{" "}
                {money(each.run.cost_usd, { run: true })}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row" data-words>
              <span className="il-sr">Acts</span>
            </th>
            {cases.map((each) => (
              <td key={each.id}>
                <button type="button" className={q.link} onClick={() => onTakeOut(each.id)}>
                  Take out of the batch
                </button>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}
