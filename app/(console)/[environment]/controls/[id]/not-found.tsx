import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { Empty } from "@/components/kit/states";

export default function NoSuchSwitch() {
  return (
    <Page>
      <PageHead title="Switch" />
      <Empty title="There is no such switch here">
        It may be of another environment. Every switch that was ever set here stands under Controls, Switch history.
      </Empty>
    </Page>
  );
}
