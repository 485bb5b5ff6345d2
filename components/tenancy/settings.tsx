"use client";

import { useQueryStates } from "nuqs";
import { usePlace } from "../frame/place";
import { Page } from "../kit/layout";
import { PageHead } from "../kit/panel";
import { NotAllowed } from "../kit/states";
import { ViewTabs } from "../kit/view-tabs";
import { Notifications } from "../notifications/view";
import { placeName } from "../overview/place-name";
import { EnvironmentsPanel } from "./environments";
import { KeysPanel } from "./keys";
import { PeoplePanel } from "./people";
import { PricesPanel } from "./prices";
import { type Provider, SignInPanel } from "./sign-in-settings";
import { settingsParams, TABS, type Tab } from "./tabs";

const WORDS: Record<Tab, string> = {
  people: "People and keys",
  environments: "Environments",
  notifications: "Notifications",
  prices: "Prices",
  "sign-in": "Sign-in",
};
/** The least role that may look. */
const LEAST = "viewer";

export function Settings({ providers }: { providers: Provider[] }) {
  const { environment, may } = usePlace();
  const [{ tab }] = useQueryStates(settingsParams);
  const head = <PageHead title="Settings" meta={`of ${placeName(environment)}`} />;
  if (!may["people.read"])
    return (
      <Page>
        {head}
        <NotAllowed what="see the settings" role={LEAST} environment={environment.name} />
      </Page>
    );
  return (
    <Page>
      {head}
      <ViewTabs
        label="Settings"
        value={tab}
        views={TABS.map((id) => ({
          id,
          label: WORDS[id],
          href: `/${environment.slug}/settings${id === "people" ? "" : `?tab=${id}`}`,
        }))}
      />
      {tab === "people" && (
        <>
          <PeoplePanel />
          <KeysPanel />
        </>
      )}
      {tab === "environments" && <EnvironmentsPanel />}
      {tab === "notifications" && <Notifications />}
      {tab === "prices" && <PricesPanel />}
      {tab === "sign-in" && <SignInPanel providers={providers} />}
    </Page>
  );
}
