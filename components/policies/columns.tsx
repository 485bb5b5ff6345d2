import Link from "next/link";
import type { PolicyShape } from "@/lib/policies/schema";
import type { Column } from "../kit/data-table";
import { integer, percent } from "../kit/numbers";
import { Dim } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { ahead, Bindings, InForce, StateTag } from "./parts";
import s from "./policies.module.css";
import { boundWords, policyHref } from "./words";

export function policyColumns(slug: string): Column<PolicyShape>[] {
  return [
    {
      id: "policy",
      header: "Policy",
      card: "title",
      sortBy: (row) => row.policy_id,
      cell: (row) => (
        <span className={s.name}>
          <Link href={policyHref(slug, row.policy_id)}>{row.policy_id}</Link>
          {row.description && <small title={row.description}>{row.description}</small>}
        </span>
      ),
    },
    {
      id: "state",
      header: "In force",
      card: "state",
      cell: (row) => (
        <span className={s.two}>
          <InForce policy={row} />
          {ahead(row) && (
            <span>
              <StateTag state={row.latest_state} version={row.latest_version} />
            </span>
          )}
        </span>
      ),
    },
    {
      id: "binds",
      header: "Binds",
      card: "foot",
      sortBy: (row) => boundWords(row.bindings),
      cell: (row) => (
        <span className={s.two}>
          <Bindings bindings={row.bindings} />
        </span>
      ),
    },
    {
      id: "decisions",
      header: "Decisions, 24 h",
      align: "right",
      sortBy: (row) => row.decisions_24h,
      cell: (row) => integer(row.decisions_24h),
    },
    {
      id: "denied",
      header: "Denied",
      align: "right",
      sortBy: (row) => row.denied_24h,
      cell: (row) =>
        row.decisions_24h === 0 ? (
          <Dim>–</Dim>
        ) : (
          <>
            {integer(row.denied_24h)} <span className={s.share}>{percent(row.denied_24h / row.decisions_24h)}</span>
          </>
        ),
    },
    {
      id: "changed",
      header: "Last change",
      dim: true,
      sortBy: (row) => row.updated_at,
      cell: (row) => (
        <>
          {row.updated_by}, <RelativeTime at={row.updated_at} />
        </>
      ),
    },
  ];
}
