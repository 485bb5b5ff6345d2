import { Loading } from "@/components/kit/states";

export default function RunLoading() {
  return <Loading what="the run" rows={12} />;
}
