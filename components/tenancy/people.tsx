"use client";

import { Button } from "@mantine/core";
import { IconCheck, IconPlus, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { PersonShape } from "@/lib/tenancy/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Person } from "../kit/person";
import { Tag } from "../kit/status";
import { Dim, Meta } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { LoadFailed } from "../runs/problem";
import { DisableDialog, InviteDialog, RolesDialog } from "./people-dialogs";
import { peopleQuery } from "./queries";
import s from "./tenancy.module.css";
import { NEEDS_ADMIN, ROLES, type Role } from "./words";

function Has({ person, role }: { person: PersonShape; role: Role }) {
  const everywhere = person.everywhere.includes(role);
  if (!everywhere && !person.roles.includes(role)) return <Dim>–</Dim>;
  return (
    <span className={s.dot} title={everywhere ? `${role} in every environment` : `${role} here`}>
      <span className="il-sr">{everywhere ? "in every environment" : "yes"}</span>
      <span className={s.all} aria-hidden>
        <IconCheck size={13} stroke={2.6} />
        {everywhere && <IconWorld size={12} />}
      </span>
    </span>
  );
}

export function PeoplePanel() {
  const { environment, person: me, may } = usePlace();
  const allowed = may["people.write"] === true;
  const people = useQuery(peopleQuery(environment.slug));
  const [inviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<PersonShape | null>(null);
  const [disabling, setDisabling] = useState<PersonShape | null>(null);
  const items = people.data?.items ?? [];
  const admins = items.filter((each) => !each.disabled && each.everywhere.includes("admin")).length;
  const columns = useMemo<Column<PersonShape>[]>(
    () => [
      {
        id: "person",
        header: "Person",
        card: "title",
        cell: (row) => (
          <>
            <Person name={row.name} note={row.email === me.email ? "you" : undefined} />{" "}
            {row.disabled && <Tag tone="quiet">disabled</Tag>}
          </>
        ),
      },
      ...ROLES.map(({ value }) => ({
        id: value,
        header: value,
        cell: (row: PersonShape) => <Has person={row} role={value} />,
      })),
      { id: "seen", header: "Seen", dim: true, card: "state", cell: (row) => <RelativeTime at={row.last_seen_at} /> },
      {
        id: "by",
        header: "Signs in by",
        dim: true,
        cell: (row) => (row.signs_in_by.length > 0 ? row.signs_in_by.join(", ") : "never yet"),
      },
      { id: "email", header: "E-mail", dim: true, card: "foot", cell: (row) => row.email },
      ...(allowed
        ? [
            {
              id: "acts",
              header: "Acts",
              quietHead: true,
              align: "right" as const,
              card: "foot" as const,
              cell: (row: PersonShape) =>
                row.disabled ? (
                  <Meta>no way back in</Meta>
                ) : (
                  <span className={s.acts}>
                    <button type="button" className={s.link} onClick={() => setEditing(row)}>
                      Roles…<span className="il-sr"> of {row.name}</span>
                    </button>
                    <button type="button" className={s.link} onClick={() => setDisabling(row)}>
                      Disable…<span className="il-sr"> {row.name}</span>
                    </button>
                  </span>
                ),
            },
          ]
        : []),
    ],
    [allowed, me.email],
  );
  if (people.error && !people.data)
    return <LoadFailed what="The people" error={people.error} onRetry={() => void people.refetch()} />;
  return (
    <Panel
      title="People"
      sub={people.data ? `${items.length}, roles in this environment` : undefined}
      right={
        <Button
          size="xs"
          leftSection={<IconPlus size={13} aria-hidden />}
          disabled={!allowed}
          title={allowed ? undefined : NEEDS_ADMIN}
          onClick={() => setInviting(true)}
        >
          Invite…
        </Button>
      }
      foot={
        <>
          <span>
            A globe marks a role in every environment. A disabled person loses their sessions and keys at once.
            {allowed ? "" : ` You may look: changing people needs the role admin.`}
          </span>
          {people.data && admins < 2 && <span>{counted(admins, "admin")} of everything: name a second</span>}
        </>
      }
    >
      <DataTable
        label="People"
        cards
        columns={columns}
        rows={items}
        rowId={(row) => row.person_id}
        loading={people.isPending}
      />
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
      <RolesDialog person={editing} onClose={() => setEditing(null)} />
      <DisableDialog person={disabling} onClose={() => setDisabling(null)} />
    </Panel>
  );
}
