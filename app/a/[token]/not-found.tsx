import { TextLink } from "@/components/kit/text";
import { AuthFrame } from "@/components/shell/auth-frame";

export default function NoSuchLink() {
  return (
    <AuthFrame title="This link leads nowhere">
      <p>
        A link to a case holds for 30 days, and only as it was sent. The case itself may still wait:{" "}
        <TextLink href="/">look in the approvals</TextLink>.
      </p>
    </AuthFrame>
  );
}
