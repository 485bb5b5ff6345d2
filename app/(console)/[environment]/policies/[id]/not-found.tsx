import { NoSuch } from "@/components/frame/pages";

export default function NoSuchPolicy() {
  return (
    <NoSuch page="Policy" what="policy" list={["policies", "All policies"]}>
      Its name may be of another environment. The list of policies has those of this one.
    </NoSuch>
  );
}
