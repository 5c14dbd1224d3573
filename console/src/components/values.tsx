import { ActionIcon, Anchor, CopyButton, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Link } from "react-router";
import { shortened } from "@/lib/addresses";
import { percentText, phaText, phaTextAdaptive } from "@/lib/amounts";
import { dateText, dateTextWithSeconds, relativeText } from "@/lib/dates";
import { useNow } from "@/lib/now";

/** An amount of PHA with its unit; all places on hover. */
export function Pha({ planck, places, unit = true }: { planck: bigint; places?: number; unit?: boolean }) {
  const text = places === undefined ? phaTextAdaptive(planck) : phaText(planck, places);
  return (
    <span className="num pha" title={`${phaText(planck, 12)} PHA`}>
      {text}
      {unit && <span style={{ color: "var(--mantine-color-dimmed)", fontSize: "0.85em" }}> PHA</span>}
    </span>
  );
}

/** By what part of itself something has changed; the sign says which way, the colour underlines it. */
export function Change({ part }: { part: number | null | undefined }) {
  if (part == null) return <>—</>;
  const tone = part > 0 ? "var(--khala-good)" : part < 0 ? "var(--khala-bad)" : undefined;
  return (
    <span className="num" style={{ color: tone, whiteSpace: "nowrap" }}>
      {part > 0 ? "+" : part < 0 ? "−" : ""}
      {percentText(Math.abs(part), 2)}
    </span>
  );
}

/** A moment: the date, and how far it is from now. */
export function When({ ms, inline = false }: { ms: number; inline?: boolean }) {
  const now = useNow();
  const relative = relativeText(ms, now);
  if (inline) {
    return (
      <time dateTime={new Date(ms).toISOString()} title={dateTextWithSeconds(ms)} style={{ whiteSpace: "nowrap" }}>
        {relative}
      </time>
    );
  }
  return (
    <time dateTime={new Date(ms).toISOString()} title={dateTextWithSeconds(ms)}>
      <Text span size="sm" display="block" className="num">
        {dateText(ms)}
      </Text>
      <Text span size="xs" c="dimmed" display="block">
        {relative}
      </Text>
    </time>
  );
}

/** A long hexadecimal number or address: its ends, and a button that copies all of it. */
export function Code({ text, to, label, ends = 6 }: { text: string; to?: string; label: string; ends?: number }) {
  const short = shortened(text, ends);
  return (
    <Group gap={2} wrap="nowrap" display="inline-flex">
      {to ? (
        <Anchor component={Link} to={to} size="sm" ff="monospace" title={text}>
          {short}
        </Anchor>
      ) : (
        <Text span size="sm" ff="monospace" title={text}>
          {short}
        </Text>
      )}
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : `Copy ${label}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={22}
              onClick={copy}
              aria-label={copied ? "Copied" : `Copy ${label}`}
            >
              {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
