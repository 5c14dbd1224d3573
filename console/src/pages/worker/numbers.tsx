import { useWorker } from "@/api/queries";
import { useNetworkStatus, type WorkerStatus } from "@/chain/queries";
import { Stat, Stats } from "@/components/page";
import { Pha, When } from "@/components/values";
import { fixed18Number, fixed18Text, numberText, percentText, phaText } from "@/lib/amounts";

/** What the worker counts and has earned. */
export function WorkerNumbers({ status }: { status: WorkerStatus | undefined }) {
  const network = useNetworkStatus().data;
  const indexed = useWorker(status?.worker ?? "").data;
  const session = status?.session;
  const none = status && !session;
  const part =
    session && network && network.total_share > 0n
      ? fixed18Number(session.share) / fixed18Number(network.total_share)
      : 0;
  return (
    <Stats>
      <Stat
        term="earned"
        value={none ? "—" : session && <Pha planck={session.paid} places={4} />}
        detail={indexed && `${phaText(BigInt(indexed.paid), 2)} PHA over all its sessions`}
      />
      <Stat
        term="outstanding"
        value={none ? "—" : session && <Pha planck={session.outstanding} places={4} />}
        detail="before the treasury's part"
      />
      <Stat
        term="stake"
        value={none ? "—" : session && <Pha planck={session.stake} places={2} />}
        detail={session && session.cooling > 0n ? `${phaText(session.cooling)} PHA cooling down` : " "}
      />
      <Stat
        term="hearts"
        value={none ? "—" : session && numberText(session.heartbeats)}
        detail={
          indexed?.lastHeartbeatMs != null ? (
            <>
              last one <When ms={indexed.lastHeartbeatMs} inline />
            </>
          ) : (
            "none yet"
          )
        }
      />
      <Stat term="v" value={none ? "—" : session && fixed18Text(session.v, 4)} detail="PHA" />
      <Stat term="ve" value={none ? "—" : session && fixed18Text(session.v_e, 4)} detail="PHA" />
      <Stat
        term="pInstant"
        value={none ? "—" : session && numberText(session.p_instant)}
        detail={status && `score P ${numberText(session?.p || status.registration?.score || 0)}`}
      />
      <Stat
        term="share"
        value={none ? "—" : session && fixed18Text(session.share, 2)}
        detail={session && `${percentText(part, 2)} of all shares`}
      />
    </Stats>
  );
}
