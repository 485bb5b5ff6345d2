import { NoSuch } from "@/components/frame/pages";

export default function NoSuchEntry() {
  return (
    <NoSuch page="Failure" what="entry" list={["failures", "All failures"]}>
      It may have been deleted, or be of another environment. The list of failures has those of this one.
    </NoSuch>
  );
}
