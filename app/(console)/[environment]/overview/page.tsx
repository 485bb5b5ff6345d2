import { place } from "@/app/session";

export default async function Page({ params }: { params: Promise<{ environment: string }> }) {
  const { environment } = await place((await params).environment);
  return <p>{environment.name}</p>;
}
