import { Loading } from "@/components/kit/states";

export default function ControlsLoading() {
  return <Loading what="controls" />;
}
