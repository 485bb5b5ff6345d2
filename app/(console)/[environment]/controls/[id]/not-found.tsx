import { NoSuch } from "@/components/frame/pages";

export default function NoSuchSwitch() {
  return (
    <NoSuch page="Switch" what="switch" list={["controls", "Controls"]}>
      It may be of another environment. Every switch that was ever set here stands under Controls, Switch history.
    </NoSuch>
  );
}
