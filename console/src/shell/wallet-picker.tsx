import { Alert, Anchor, Button, Divider, Group, Modal, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconEye, IconWallet } from "@tabler/icons-react";
import { getInjectedExtensions } from "polkadot-api/pjs-signer";
import { type FormEvent, useState } from "react";
import { useBalance } from "@/chain/queries";
import { Identicon } from "@/components/identicon";
import { Label } from "@/components/info";
import { Empty } from "@/components/state";
import { Pha } from "@/components/values";
import { parseAddress, shortened } from "@/lib/addresses";
import { useWallet } from "@/wallet/wallet";
import classes from "./shell.module.css";

/** What wallets call themselves in the page, and what people call them. */
const NAMES: Record<string, string> = {
  "polkadot-js": "Polkadot.js",
  talisman: "Talisman",
  "subwallet-js": "SubWallet",
  nova: "Nova Wallet",
  enkrypt: "Enkrypt",
};

export function AccountButton() {
  const { address, name, isReadOnly, pick } = useWallet();
  if (!address) {
    return (
      <Button size="sm" onClick={pick} leftSection={<IconWallet size={17} aria-hidden />} px="sm">
        Connect
      </Button>
    );
  }
  return (
    <Button
      size="sm"
      variant="default"
      onClick={pick}
      leftSection={isReadOnly ? <IconEye size={17} aria-hidden /> : <Identicon address={address} size={20} />}
      px="sm"
      aria-label={`Account ${name ?? shortened(address, 4)}${isReadOnly ? ", read-only" : ""}: change it`}
      data-testid="account"
    >
      <Text size="sm" truncate maw={{ base: 74, sm: 140 }} component="span">
        {name ?? shortened(address, 4)}
      </Text>
    </Button>
  );
}

export function WalletPicker() {
  const { isPicking, closePicker, wallet } = useWallet();
  return (
    <Modal opened={isPicking} onClose={closePicker} title={<Text fw={650}>{wallet ? "Accounts" : "Connect"}</Text>}>
      {wallet ? <Accounts /> : <Wallets />}
    </Modal>
  );
}

function Wallets() {
  const { connect, address, leave } = useWallet();
  const [problem, setProblem] = useState<string>();
  const [asking, setAsking] = useState<string>();
  const found = getInjectedExtensions();

  const ask = async (wallet: string) => {
    setProblem(undefined);
    setAsking(wallet);
    try {
      const accounts = await connect(wallet);
      if (accounts.length === 0)
        setProblem("The wallet shows no accounts. Allow some for this page in the wallet's settings, then try again.");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      setProblem(
        /cancel|reject|denied|declin|refus/i.test(message)
          ? "You declined it in the wallet. Connect again when you want to."
          : `The wallet did not connect: ${message}`,
      );
    } finally {
      setAsking(undefined);
    }
  };

  return (
    <Stack>
      {found.length === 0 ? (
        <Empty title="No wallet in this browser">
          Install a wallet for Polkadot networks as a browser extension, such as Polkadot.js, Talisman or SubWallet, and
          load this page again. On a phone, open this page in the wallet's own browser.
        </Empty>
      ) : (
        found.map((wallet) => (
          <Button
            key={wallet}
            variant="default"
            size="md"
            justify="flex-start"
            leftSection={<IconWallet size={19} aria-hidden />}
            loading={asking === wallet}
            onClick={() => void ask(wallet)}
          >
            {NAMES[wallet] ?? wallet}
          </Button>
        ))
      )}
      {problem && (
        <Alert color="red" variant="light" role="alert">
          {problem}
        </Alert>
      )}
      <Divider label="or look without a wallet" />
      <ReadOnlyForm />
      {address && (
        <Anchor component="button" type="button" size="sm" onClick={leave}>
          Stop looking at {shortened(address)}
        </Anchor>
      )}
    </Stack>
  );
}

function ReadOnlyForm() {
  const { watch } = useWallet();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseAddress(text);
    if (parsed.ok) watch(parsed.value);
    else setProblem(parsed.problem);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label={<Label term="readOnly">Address to look at</Label>}
          placeholder="An address of any Polkadot network"
          value={text}
          error={problem}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setProblem(undefined);
          }}
          spellCheck={false}
          autoComplete="off"
          errorProps={{ style: { position: "absolute", bottom: -20 } }}
          mb={problem ? "md" : 0}
        />
        <Button type="submit" variant="default" mb={problem ? "md" : 0}>
          Look
        </Button>
      </Group>
    </form>
  );
}

function Accounts() {
  const { accounts, wallet, address, select, leave } = useWallet();
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        From {NAMES[wallet ?? ""] ?? wallet}
      </Text>
      {accounts.length === 0 && <Empty title="No accounts">Allow some for this page in the wallet's settings.</Empty>}
      {accounts.map((account) => (
        <UnstyledButton
          key={account.address}
          className={classes.account}
          data-active={account.address === address || undefined}
          onClick={() => select(account.address)}
          data-testid="wallet-account"
        >
          <Identicon address={account.address} size={32} />
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {account.name}
            </Text>
            <Text size="xs" c="dimmed" ff="monospace">
              {shortened(account.address, 8)}
            </Text>
          </div>
          <AccountBalance address={account.address} />
        </UnstyledButton>
      ))}
      <Divider label="or look without a wallet" my="xs" />
      <ReadOnlyForm />
      <Group justify="flex-end" mt="xs">
        <Button variant="default" size="sm" onClick={leave}>
          Disconnect
        </Button>
      </Group>
    </Stack>
  );
}

function AccountBalance({ address }: { address: string }) {
  const balance = useBalance(address).data;
  return (
    <Text size="sm" component="span">
      {balance ? <Pha planck={balance.spendable} places={2} /> : "…"}
    </Text>
  );
}
