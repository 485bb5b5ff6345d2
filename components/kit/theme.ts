import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";
import s from "./theme.module.css";

const STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const ramp = (name: string) => STEPS.map((step) => `var(--il-${name}-${step})`) as unknown as MantineColorsTuple;
const sans = "var(--il-font)";

const OVERLAY = { color: "var(--il-overlay)", backgroundOpacity: 1, blur: 0 };
const FLOATING = { padding: 0, transitionProps: { duration: 0 } };

export const theme = createTheme({
  primaryColor: "cobalt",
  primaryShade: { light: 6, dark: 5 },
  colors: {
    cobalt: ramp("cobalt"),
    gray: ramp("gray"),
    dark: ramp("dark"),
    red: ramp("red"),
    amber: ramp("amber"),
    green: ramp("green"),
  },
  fontFamily: sans,
  fontFamilyMonospace: "var(--il-mono)",
  headings: { fontFamily: sans, fontWeight: "600" },
  fontSizes: { xs: "11px", sm: "12px", md: "13px", lg: "14px", xl: "16px" },
  lineHeights: { xs: "16px", sm: "16px", md: "20px", lg: "20px", xl: "24px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "3px", sm: "4px", md: "6px", lg: "8px", xl: "8px" },
  defaultRadius: "sm",
  shadows: {
    xs: "none",
    sm: "none",
    md: "var(--il-shadow-pop)",
    lg: "var(--il-shadow-pop)",
    xl: "var(--il-shadow-pop)",
  },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: "sm", variant: "default" },
      classNames: { root: s.button, section: s.buttonSection },
    },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 28 }, classNames: { root: s.actionIcon } },
    Input: { classNames: { wrapper: s.inputWrapper, input: s.input } },
    InputWrapper: {
      classNames: { label: s.inputLabel, description: s.inputDescription, error: s.inputError },
      defaultProps: { inputWrapperOrder: ["label", "description", "input", "error"] },
    },
    TextInput: { defaultProps: { size: "sm" } },
    NumberInput: { defaultProps: { size: "sm", hideControls: true } },
    Select: { defaultProps: { size: "sm", checkIconPosition: "right" } },
    Checkbox: { defaultProps: { size: "xs" }, classNames: { label: s.tickLabel, input: s.tick } },
    Radio: { defaultProps: { size: "xs" }, classNames: { label: s.tickLabel, radio: s.tick } },
    Switch: { defaultProps: { size: "xs" }, classNames: { label: s.tickLabel } },
    SegmentedControl: {
      defaultProps: { size: "xs", radius: "sm", withItemsBorders: false, transitionDuration: 0 },
      classNames: { root: s.segments, indicator: s.segmentOn, label: s.segment },
    },
    Menu: {
      defaultProps: { shadow: "md", radius: "md", transitionProps: { duration: 0 }, position: "bottom-end" },
      classNames: { dropdown: s.menu, item: s.menuItem, label: s.menuLabel },
    },
    Popover: {
      defaultProps: { shadow: "md", radius: "md", transitionProps: { duration: 0 } },
      classNames: { dropdown: s.popover },
    },
    Combobox: { classNames: { option: s.menuItem, dropdown: s.menu } },
    // the parts are used alone too (Modal.Root), so they carry the defaults
    Modal: { defaultProps: { ...FLOATING, radius: "lg", withCloseButton: false, centered: true } },
    ModalRoot: { defaultProps: { ...FLOATING, radius: "lg" } },
    ModalOverlay: { defaultProps: OVERLAY },
    DrawerRoot: { defaultProps: FLOATING },
    DrawerOverlay: { defaultProps: OVERLAY },
    Tooltip: { defaultProps: { withArrow: false, openDelay: 300, fz: 12 }, classNames: { tooltip: s.tooltip } },
    Notification: { classNames: { root: s.notification, title: s.notificationTitle } },
    Skeleton: { classNames: { root: s.skeleton } },
  },
});

const resolved = {
  "--mantine-color-body": "var(--il-bg)",
  "--mantine-color-text": "var(--il-text)",
  "--mantine-color-dimmed": "var(--il-text-3)",
  "--mantine-color-default": "var(--il-surface)",
  "--mantine-color-default-hover": "var(--il-hover)",
  "--mantine-color-default-color": "var(--il-text)",
  "--mantine-color-default-border": "var(--il-border-strong)",
  "--mantine-color-placeholder": "var(--il-text-3)",
  "--mantine-color-anchor": "var(--il-accent-text)",
  "--mantine-color-error": "var(--il-stop-text)",
  "--mantine-color-disabled": "var(--il-hover)",
  "--mantine-color-disabled-color": "var(--il-text-3)",
  "--mantine-color-disabled-border": "var(--il-border)",
  "--mantine-color-cobalt-filled": "var(--il-accent)",
  "--mantine-color-cobalt-filled-hover": "var(--il-accent-hover)",
  "--mantine-color-cobalt-light": "var(--il-accent-soft)",
  "--mantine-color-cobalt-light-color": "var(--il-accent-text)",
  "--mantine-color-red-filled": "var(--il-stop)",
  "--mantine-color-red-filled-hover": "var(--il-stop-hover)",
  "--mantine-color-red-outline": "var(--il-stop-text)",
  "--mantine-color-gray-light-color": "var(--il-text-2)",
  "--mantine-primary-color-filled": "var(--il-accent)",
  "--mantine-primary-color-filled-hover": "var(--il-accent-hover)",
};

/** Mantine's own variables, pointed at the tokens of tokens.css. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: resolved, dark: resolved });
