import { Alert, SegmentedControl, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useChainParameters, useNetworkStatus } from "@/chain/queries";
import { TextField } from "@/components/fields";
import { Label } from "@/components/info";
import { Page, Section } from "@/components/page";
import { Failed } from "@/components/state";
import { parametersFromChain } from "@/economics/chain";
import { KHALA } from "@/economics/parameters";
import { PRESETS } from "@/economics/presets";
import { fixed18Number, phaNumber } from "@/lib/amounts";
import { type Fields, fieldsOf, read } from "./inputs";
import { Results } from "./results";

const LEVELS = [1, 2, 3, 4, 5].map((level) => ({ value: String(level), label: String(level) }));
const FIRST = PRESETS[1] ?? PRESETS[0];

export function Calculator() {
  const parameters = useChainParameters();
  const network = useNetworkStatus();
  const [preset, setPreset] = useState<string | null>(FIRST?.name ?? null);
  const [fields, setFields] = useState<Fields>(() => fieldsOf(FIRST));
  const set = (name: keyof Fields) => (value: string) => {
    if (["score", "watts", "level"].includes(name)) setPreset(null);
    setFields({ ...fields, [name]: value });
  };
  const economics = parameters.data ? parametersFromChain(parameters.data.economics) : KHALA;
  const inputs = read(fields, economics, parameters.data?.mining.minimal_score);
  const error = parameters.error ?? network.error;

  return (
    <Page
      title="Calculator"
      subtitle="What a worker would earn in this network as it is now, and when it has paid for itself."
    >
      {error && !network.data && <Failed error={error} what="The network's numbers" />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: "start" }}>
        <Section title="Your machine">
          <Stack>
            <Select
              label="Machine"
              data={PRESETS.map(({ name }) => name)}
              value={preset}
              placeholder="My own numbers"
              onChange={(name) => {
                setPreset(name);
                const found = PRESETS.find((each) => each.name === name);
                if (found)
                  setFields({
                    ...fields,
                    score: String(found.score),
                    watts: String(found.watts),
                    level: String(found.level),
                  });
              }}
              allowDeselect={false}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextField
                label="Score P"
                term="p"
                isNumber
                value={fields.score}
                change={set("score")}
                problem={inputs.problems.score}
              />
              <div>
                <Label term="confidence" />
                <SegmentedControl
                  fullWidth
                  data={LEVELS}
                  value={fields.level}
                  onChange={set("level")}
                  aria-label="Confidence level"
                  mt={4}
                />
              </div>
            </SimpleGrid>
            <TextField
              label="Stake"
              term="stake"
              unit="PHA"
              isNumber
              value={fields.stake}
              change={set("stake")}
              problem={inputs.problems.stake}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextField
                label="Own part of the stake"
                term="ownStake"
                unit="%"
                isNumber
                value={fields.own}
                change={set("own")}
                problem={inputs.problems.own}
              />
              <TextField
                label="Commission"
                term="commission"
                unit="%"
                isNumber
                value={fields.commission}
                change={set("commission")}
                problem={inputs.problems.commission}
              />
              <TextField
                label="Power"
                term="power"
                unit="W"
                isNumber
                value={fields.watts}
                change={set("watts")}
                problem={inputs.problems.watts}
              />
              <TextField
                label="Price of a kilowatt-hour"
                unit="€"
                isNumber
                value={fields.kwh}
                change={set("kwh")}
                problem={inputs.problems.kwh}
              />
              <TextField
                label="Price of the machine"
                term="payback"
                unit="€"
                isNumber
                value={fields.machine}
                change={set("machine")}
                problem={inputs.problems.machine}
              />
              <TextField
                label="Price of one PHA"
                unit="€"
                isNumber
                value={fields.pha}
                change={set("pha")}
                problem={inputs.problems.pha}
              />
            </SimpleGrid>
            <Text size="xs" c="dimmed">
              Prices stay in this page; € stands for your currency.
            </Text>
          </Stack>
        </Section>
        <Stack gap="lg">
          {inputs.values ? (
            <Results
              inputs={inputs.values}
              economics={economics}
              network={
                network.data && {
                  budgetPerDay: phaNumber(network.data.budget_per_day),
                  totalShare: fixed18Number(network.data.total_share),
                }
              }
            />
          ) : (
            <Alert color="gray" title="Something is missing">
              Mend the marked fields to see the result.
            </Alert>
          )}
        </Stack>
      </SimpleGrid>
    </Page>
  );
}
