/** What a total has gained between each point and the one before. */
export function gains<T extends { timeMs: number }>(
  points: T[],
  total: (point: T) => number,
): { time: number; gained: number }[] {
  return points.slice(1).map((point, index) => {
    const before = points[index];
    return { time: point.timeMs, gained: before ? Math.max(0, total(point) - total(before)) : 0 };
  });
}
