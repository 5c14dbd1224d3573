import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

/** What a list is searched for, taken over when the reader stops typing. */
export function SearchField(props: {
  label: string;
  placeholder: string;
  initial: string;
  change: (text: string) => void;
}) {
  const [search, setSearch] = useState(props.initial);
  const settle = useDebouncedCallback((text: string) => props.change(text.trim()), 300);
  return (
    <TextInput
      aria-label={props.label}
      placeholder={props.placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={search}
      onChange={(event) => {
        setSearch(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      maxLength={100}
      style={{ flex: "1 1 240px" }}
    />
  );
}
