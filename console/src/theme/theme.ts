import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#eefaf7",
  "#d9f2ec",
  "#b0e4d8",
  "#83d5c2",
  "#5ec8b0",
  "#3bb89c",
  "#199a80",
  "#0f766e",
  "#0b5f59",
  "#084a46",
];

const ink: MantineColorsTuple = [
  "#d5d9e0",
  "#b9bfca",
  "#a3abb9",
  "#7f8898",
  "#4b5362",
  "#333a47",
  "#262c37",
  "#1a1f28",
  "#131720",
  "#0d1118",
];

export const theme = createTheme({
  primaryColor: "teal",
  // Dark enough for white words on it, in both themes.
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { teal, dark: ink },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "620" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Card: { defaultProps: { withBorder: true, padding: "lg", radius: "lg" } },
    Tooltip: {
      defaultProps: { withArrow: true, multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } },
    },
    Modal: { defaultProps: { centered: true, radius: "lg", closeButtonProps: { "aria-label": "Close" } } },
    // The page has one banner, and it is not a dialog's heading.
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    InputWrapper: { styles: { label: { fontWeight: 400, color: "var(--mantine-color-dimmed)" } } },
    Skeleton: { defaultProps: { radius: "sm" } },
  },
});

/** Colours with enough contrast to read (WCAG AA), where the defaults have less. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f6f7f9",
    "--mantine-color-dimmed": "#565e6c",
    "--mantine-color-placeholder": "#6b7280",
    "--mantine-color-error": "#c02626",
    "--khala-surface": "#ffffff",
    "--khala-line": "#e3e6eb",
    "--khala-good": "#0b6b53",
    "--khala-warn": "#8f5200",
    "--khala-bad": "#b42318",
    "--khala-quiet": "#4b5563",
    "--khala-notice": "#fff4e0",
  },
  dark: {
    "--mantine-color-body": "#0f131a",
    "--mantine-color-dimmed": "#a3abb9",
    "--mantine-color-placeholder": "#8b94a3",
    "--mantine-color-error": "#ff8f87",
    "--khala-surface": "#171c25",
    "--khala-line": "#2a313d",
    "--khala-good": "#5fd3b3",
    "--khala-warn": "#f0b45c",
    "--khala-bad": "#ff9a92",
    "--khala-quiet": "#a3abb9",
    "--khala-notice": "#33270f",
    // Messages stand out by their words and their edge, not by shining in the dark.
    "--mantine-color-red-light": "#2e1b1e",
    "--mantine-color-orange-light": "#2e2417",
    "--mantine-color-teal-light": "#13282a",
    "--mantine-color-gray-light": "#222833",
  },
});
