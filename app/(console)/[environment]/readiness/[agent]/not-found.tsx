import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { Empty } from "@/components/kit/states";

export default function NoSuchAgent() {
  return (
    <Page>
      <PageHead title="Readiness" />
      <Empty title="There is no such agent here">
        It has sent no run to this environment, or it is of another one. The list of readiness has those that have.
      </Empty>
    </Page>
  );
}
