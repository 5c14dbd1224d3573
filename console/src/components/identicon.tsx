/** A small picture of an account: five by five, mirrored, in two colours, all from the address. */
export function Identicon({ address, size }: { address: string; size: number }) {
  let state = 2_166_136_261;
  for (const character of address) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619) >>> 0;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
  const hue = Math.floor(next() * 360);
  const cells: { x: number; y: number }[] = [];
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 3; x++) {
      if (next() < 0.5) continue;
      cells.push({ x, y });
      if (x < 2) cells.push({ x: 4 - x, y });
    }
  }
  return (
    <svg width={size} height={size} viewBox="-1 -1 7 7" aria-hidden style={{ borderRadius: "50%", flex: "none" }}>
      <rect x={-1} y={-1} width={7} height={7} fill={`hsl(${hue} 45% 88%)`} />
      {cells.map(({ x, y }) => (
        <rect key={`${x}-${y}`} x={x} y={y} width={1.02} height={1.02} fill={`hsl(${hue} 55% 38%)`} />
      ))}
    </svg>
  );
}
