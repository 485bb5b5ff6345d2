/* Fonts and global styles, in the order the layers need. Imported once, by the root layout. */
import "./tokens.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./base.css";
