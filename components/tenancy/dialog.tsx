"use client";

import { Button, Modal } from "@mantine/core";
import type { FormEventHandler, ReactNode } from "react";
import s from "./tenancy.module.css";

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The verb of the act; without it the dialog only tells, and "Close" stands alone. */
  submit?: string;
  onSubmit?: FormEventHandler<HTMLFormElement>;
  closeLabel?: string;
  destructive?: boolean;
  busy?: boolean;
  disabled?: boolean;
  error?: ReactNode;
  size?: number;
  /** Something is shown once: only the button closes it. */
  hold?: boolean;
};

/** A form in a dialog; it stays open until the server has answered. */
export function FormDialog(props: Props) {
  const { opened, onClose, title, children, submit, onSubmit, closeLabel, destructive, busy, disabled, error } = props;
  const { size = 520, hold } = props;
  const body = (
    <>
      <div className={s.body}>
        {children}
        {error && (
          <p className={s.error} role="alert">
            {error}
          </p>
        )}
      </div>
      <div className={s.foot}>
        <Button size="lg" onClick={onClose} disabled={busy}>
          {closeLabel ?? (submit ? "Cancel" : "Close")}
        </Button>
        {submit && (
          <Button
            type="submit"
            size="lg"
            variant="filled"
            color={destructive ? "red" : undefined}
            loading={busy}
            disabled={disabled}
          >
            {submit}
          </Button>
        )}
      </div>
    </>
  );
  return (
    <Modal.Root
      opened={opened}
      onClose={busy ? () => undefined : onClose}
      size={size}
      centered
      closeOnClickOutside={!hold}
      closeOnEscape={!hold}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={s.head}>
          <Modal.Title className={s.title}>{title}</Modal.Title>
        </div>
        <Modal.Body>{onSubmit ? <form onSubmit={onSubmit}>{body}</form> : body}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A secret that nobody can show again, with its copy button. */
export function Once({ what, secret, action }: { what: string; secret: string; action: ReactNode }) {
  return (
    <div className={s.secret}>
      <div>
        {what}, shown once:
        <code>{secret}</code>
      </div>
      {action}
    </div>
  );
}

/** What a role or scope may do, for a checkbox. */
export const Described = ({ name, what }: { name: string; what: string }) => (
  <>
    {name}
    <small>{what}</small>
  </>
);
