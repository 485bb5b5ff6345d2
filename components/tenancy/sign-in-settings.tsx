"use client";

import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useOrigin } from "../connect/use-origin";
import { usePlace } from "../frame/place";
import { CopyId } from "../kit/copy";
import { type Column, DataTable } from "../kit/data-table";
import { notify } from "../kit/notify";
import { Panel } from "../kit/panel";
import { St } from "../kit/status";
import { Dim, Mono, Strong } from "../kit/text";
import { PasswordForm } from "./password-form";
import { peopleQuery } from "./queries";
import s from "./tenancy.module.css";

export type Provider = { id: string; name: string };
type Way = { id: string; name: string; on: boolean; variables: string[] };

const KNOWN = [
  { id: "github", name: "GitHub", variables: ["AUTH_GITHUB_ID", "AUTH_GITHUB_SECRET"] },
  { id: "google", name: "Google", variables: ["AUTH_GOOGLE_ID", "AUTH_GOOGLE_SECRET"] },
  { id: "oidc", name: "OpenID Connect", variables: ["AUTH_OIDC_ISSUER", "AUTH_OIDC_ID", "AUTH_OIDC_SECRET"] },
];

/** Which ways in are configured, how to configure the others, and one's own password. */
export function SignInPanel({ providers }: { providers: Provider[] }) {
  const { environment, person } = usePlace();
  const origin = useOrigin();
  const people = useQuery(peopleQuery(environment.slug));
  const me = people.data?.items.find((each) => each.email === person.email);
  const ways: Way[] = [
    { id: "local", name: "Local accounts", on: true, variables: [] },
    ...KNOWN.map((known) => {
      const found = providers.find((each) => each.id === known.id);
      const name = found && known.id === "oidc" ? `OpenID Connect, ${found.name}` : known.name;
      return { ...known, name, on: found !== undefined };
    }),
  ];
  const columns: Column<Way>[] = [
    { id: "name", header: "Way in", card: "title", cell: (row) => <Strong>{row.name}</Strong> },
    {
      id: "state",
      header: "State",
      card: "state",
      cell: (row) =>
        row.on ? (
          <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
            configured
          </St>
        ) : (
          <St tone="quiet" icon={<IconCircleDashed size={14} aria-hidden />}>
            not configured
          </St>
        ),
    },
    {
      id: "how",
      header: "Set by",
      card: "foot",
      cell: (row) =>
        row.variables.length === 0 ? (
          <Dim>always there, throttled, argon2id</Dim>
        ) : (
          <span className={s.tags}>
            {row.variables.map((name) => (
              <Mono key={name}>{name}</Mono>
            ))}
          </span>
        ),
    },
    {
      id: "callback",
      header: "Callback address to register there",
      card: "foot",
      cell: (row) =>
        row.variables.length === 0 ? (
          <Dim>–</Dim>
        ) : (
          <CopyId id={`${origin}/api/auth/callback/${row.id}`} name="callback address" full />
        ),
    },
  ];
  return (
    <>
      <Panel
        title="Sign-in"
        sub="for the whole installation"
        foot={
          <span>
            Set the variables where Interlock starts (each may come as <Mono>NAME_FILE</Mono>), then start it again. A
            provider lets in only whom somebody has invited: by the e-mail address that the provider has verified.
          </span>
        }
      >
        <DataTable label="Ways to sign in" cards columns={columns} rows={ways} rowId={(row) => row.id} />
      </Panel>
      <Panel title="Your password" sub={person.email} padded>
        {me && !me.signs_in_by.includes("password") ? (
          <p className={s.words}>You sign in by {me.signs_in_by.join(", ")}. There is no password to change here.</p>
        ) : (
          <PasswordForm
            currentLabel="Present password"
            submit="Change password"
            email={person.email}
            done={() => void notify({ tone: "good", title: "Your password is changed" })}
          />
        )}
      </Panel>
    </>
  );
}
