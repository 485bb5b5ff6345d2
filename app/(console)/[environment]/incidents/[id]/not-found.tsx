import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { Empty } from "@/components/kit/states";

export default function NoSuchIncident() {
  return (
    <Page>
      <PageHead title="Incident" />
      <Empty title="There is no such incident here">
        It may be of another environment: each counts its own. The list of incidents has those of this one.
      </Empty>
    </Page>
  );
}
