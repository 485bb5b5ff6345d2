"use client";

import { FileInput, Select } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useState } from "react";
import { MAX_SCREENSHOT, type ScreenshotShape, type TargetShape } from "@/lib/readiness/schema";
import { useAct } from "../frame/act";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";

const TYPES = ["image/png", "image/jpeg"];

/** A person's picture of the target list; the server looks at its bytes, not at its name. */
export function Upload({ items, onClose }: { items: TargetShape[]; onClose: () => void }) {
  const [slug, setSlug] = useState(items[0]?.slug ?? "");
  const [file, setFile] = useState<File | null>(null);
  const act = useAct({
    topics: ["readiness"],
    run: (call, picture: File) =>
      call.putFile<ScreenshotShape & { audit_row: number }>(`/targets/${encodeURIComponent(slug)}/screenshot`, picture),
    said: (answer) => `The picture is kept, sha256 ${answer.sha256.slice(0, 12)}…`,
    done: onClose,
  });
  const wrong =
    file === null
      ? undefined
      : file.size > MAX_SCREENSHOT
        ? "At most 2 MB."
        : TYPES.includes(file.type)
          ? undefined
          : "A PNG or JPEG picture.";
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Add a picture of the target list"
      submit="Keep it in my name"
      busy={act.isPending}
      disabled={file === null || wrong !== undefined}
      error={detailOf(act.error)}
      onSubmit={(event) => {
        event.preventDefault();
        if (file && !wrong) act.mutate(file);
      }}
    >
      <p className={t.words}>
        Open the list of what is watched where it is configured, look at it, and take a picture. It is kept with today’s
        date, its SHA-256, your name, and our own list as it stands now. After 90 days another one is due.
      </p>
      <Select
        label="Beside which target"
        allowDeselect={false}
        data={items.map((each) => ({ value: each.slug, label: each.name }))}
        value={slug}
        onChange={(value) => setSlug(value ?? "")}
      />
      <FileInput
        label="Picture"
        description="PNG or JPEG, at most 2 MB."
        placeholder="Choose a file"
        accept={TYPES.join(",")}
        leftSection={<IconPhoto size={15} aria-hidden />}
        value={file}
        onChange={setFile}
        error={wrong}
        clearable
      />
    </FormDialog>
  );
}
