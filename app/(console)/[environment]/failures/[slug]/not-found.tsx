import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { Empty } from "@/components/kit/states";

export default function NoSuchEntry() {
  return (
    <Page>
      <PageHead title="Failure" />
      <Empty title="There is no such entry here">
        It may have been deleted, or be of another environment. The list of failures has those of this one.
      </Empty>
    </Page>
  );
}
