import { NoSuch } from "@/components/frame/pages";

export default function NoSuchIncident() {
  return (
    <NoSuch page="Incident" what="incident" list={["incidents", "All incidents"]}>
      It may be of another environment: each counts its own. The list of incidents has those of this one.
    </NoSuch>
  );
}
