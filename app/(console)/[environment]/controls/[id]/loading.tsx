import { Loading } from "@/components/kit/states";

export default function SwitchLoading() {
  return <Loading what="who obeyed" />;
}
