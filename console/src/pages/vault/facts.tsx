import { Skeleton } from "@mantine/core";
import type { VaultStatus } from "@/chain/queries";
import { Fact, Section } from "@/components/page";
import { Code, Pha } from "@/components/values";
import { ppmText } from "@/lib/amounts";
import { worth } from "@/lib/pools";

/** What the owner has promised, and where the coins are that are in no pool. */
export function VaultFacts({ status }: { status: VaultStatus | undefined }) {
  if (!status) {
    return (
      <Section title="Terms and coins">
        <Skeleton height={300} />
      </Section>
    );
  }
  return (
    <Section title="Terms and coins">
      <Fact term="vaultFee">{ppmText(status.fee_ppm)} of gains</Fact>
      <Fact term="maxFee">{ppmText(status.max_fee_ppm)}</Fact>
      <Fact term="commissionLimit">{ppmText(status.commission_limit_ppm)}</Fact>
      <Fact term="cap">{status.cap === undefined ? "no limit" : <Pha planck={status.cap} places={2} />}</Fact>
      <Fact term="vaultFree">
        <Pha planck={status.free} places={4} />
      </Fact>
      <Fact term="spare">
        <Pha planck={status.spare} places={4} />
      </Fact>
      <Fact term="owed">
        <Pha planck={status.owed} places={4} />
      </Fact>
      <Fact term="feeShares">
        <Pha planck={worth(status.fee_shares, status)} places={4} />
      </Fact>
      <Fact term="vault" label="The vault's account">
        <Code text={status.account} label="the vault's account" />
      </Fact>
    </Section>
  );
}
