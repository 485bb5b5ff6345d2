"use client";

import type { EffectiveShape } from "@/lib/policies/schema";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Tag } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { StateTag } from "../parts";
import { policyHref } from "../words";
import s from "./effective.module.css";
import { Square } from "./lines";

/** Who speaks, narrowest first, each with the square that its lines wear. */
export function Documents({ documents }: Pick<EffectiveShape, "documents">) {
  const { slug } = usePlace().environment;
  return (
    <Panel title="Documents that bind" sub={counted(documents.length, "document")}>
      <ul className={s.documents}>
        {documents.map((each, n) => (
          <li key={`${each.policy_id}${each.version}`}>
            <Square n={n} />
            <div>
              <TextLink href={policyHref(slug, each.policy_id)} plain>
                {each.policy_id}
              </TextLink>{" "}
              version {each.version}
              {each.description && <small>{each.description}</small>}
            </div>
            <StateTag state={each.state} />
          </li>
        ))}
        <li>
          <Square n={null} />
          <div>
            Safe values
            <small>hold where no document speaks</small>
          </div>
          <Tag>built in</Tag>
        </li>
      </ul>
    </Panel>
  );
}
