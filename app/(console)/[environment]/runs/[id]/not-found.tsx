import { NoSuch } from "@/components/frame/pages";

export default function NoSuchRun() {
  return (
    <NoSuch page="Run" what="run" list={["runs", "All runs"]}>
      Its id may be of another environment, or its time of keeping is over. Look for it in the list of runs, by a part
      of its id.
    </NoSuch>
  );
}
