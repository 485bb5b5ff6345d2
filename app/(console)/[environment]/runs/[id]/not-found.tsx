import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { Empty } from "@/components/kit/states";

export default function NoSuchRun() {
  return (
    <Page>
      <PageHead title="Run" />
      <Empty title="There is no such run here">
        Its id may be of another environment, or its time of keeping is over. Look for it in the list of runs, by a part
        of its id.
      </Empty>
    </Page>
  );
}
