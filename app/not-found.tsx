import { TextLink } from "@/components/kit/text";
import { AuthFrame } from "@/components/shell/auth-frame";

export default function NotFound() {
  return (
    <AuthFrame title="Not found">
      <p>There is nothing here, or it belongs to an environment that you have no role in.</p>
      <TextLink href="/">Go to your first environment</TextLink>
    </AuthFrame>
  );
}
