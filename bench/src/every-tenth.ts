/** Says how far a measurement is, ten times in all. */
export function everyTenth(
  what: string,
  say: (text: string) => void,
): (done: number, all: number) => void {
  let said = 0;
  return (done, all) => {
    const tenth = Math.floor((done / all) * 10);
    if (tenth > said) say(`${what}: ${done} of ${all}`);
    said = tenth;
  };
}
