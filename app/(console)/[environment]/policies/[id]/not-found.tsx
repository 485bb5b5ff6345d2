import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { Empty } from "@/components/kit/states";

export default function NoSuchPolicy() {
  return (
    <Page>
      <PageHead title="Policy" />
      <Empty title="There is no such policy here">
        Its name may be of another environment. The list of policies has those of this one.
      </Empty>
    </Page>
  );
}
