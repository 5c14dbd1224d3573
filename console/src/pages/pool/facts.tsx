import { Anchor, Skeleton } from "@mantine/core";
import type { PoolStatus } from "@/chain/queries";
import { Fact, Section } from "@/components/page";
import { Pha } from "@/components/values";

/** Where the pool's coins are. */
export function PoolFacts({ status }: { status: PoolStatus | undefined }) {
  if (!status) {
    return (
      <Section title="Where the coins are">
        <Skeleton height={230} />
      </Section>
    );
  }
  return (
    <Section title="Where the coins are">
      <Fact term="staked">
        <Pha planck={status.staked} places={4} />
      </Fact>
      <Fact term="free">
        <Pha planck={status.free} places={4} />
      </Fact>
      <Fact term="free" label="Of that, for workers">
        <Pha planck={status.spare} places={4} />
      </Fact>
      <Fact term="cooling">
        <Pha planck={status.cooling} places={4} />
      </Fact>
      <Fact term="impaired">
        <Pha planck={status.impaired} places={4} />
      </Fact>
      <Fact term="ownerReward">
        <Pha planck={status.commission} places={4} />
      </Fact>
      {status.links.length > 0 && (
        <Fact term="description" label="The owner's links">
          {status.links.map((link) => (
            <div key={link}>
              {/^https:\/\//.test(link) ? (
                <Anchor href={link} target="_blank" rel="noopener noreferrer nofollow" size="sm">
                  {link.replace(/^https:\/\//, "")}
                </Anchor>
              ) : (
                link
              )}
            </div>
          ))}
        </Fact>
      )}
    </Section>
  );
}
