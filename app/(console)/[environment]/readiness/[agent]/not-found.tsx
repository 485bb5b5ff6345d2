import { NoSuch } from "@/components/frame/pages";

export default function NoSuchAgent() {
  return (
    <NoSuch page="Readiness" what="agent" list={["readiness", "All agents"]}>
      It has sent no run to this environment, or it is of another one. The list of readiness has those that have.
    </NoSuch>
  );
}
