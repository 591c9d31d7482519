// Thresholds that a reader sets: what is decided, how well, and what it costs, before and after.
const makeThreshold = (control, found, start, kinds, rows) => {
  const input = control.querySelector('input');
  const figures = neighbours(control, kinds);
  const redraw = onFrame(() => drawAt(figures, Number(input.value)));
  const show = () => {
    const at = Number(input.value);
    const text = found.threshold[at].toFixed(2);
    control.querySelector('.value').textContent = text;
    input.setAttribute('aria-valuetext', text);
    readings(control.querySelector('.readings'), rows(at));
    redraw();
  };
  input.max = found.threshold.length - 1;
  input.value = start;
  input.addEventListener('input', show);
  control.hidden = false;
  control.redraw = show;
  show();
};

// Where nothing was calibrated there is one side, and it needs no name.
const sided = (text, side, found, name) => (sides(found, [name]).length > 1 ? `${text}, ${side}` : text);

const makeDeferral = (control) => {
  const found = memberOf(control).deferral;
  makeThreshold(control, found, Math.round(0.9 * (found.threshold.length - 1)), ['coverage', 'cost'], (at) => sides(found, ['coverage']).flatMap((side) => {
    const named = (text) => sided(text, side, found, 'coverage');
    const decided = found[`${side}_coverage`][at];
    return [
      [named('decided'), share(decided), side],
      [named('errors among these'), decided > 0 ? share(found[`${side}_errors`][at] / decided) : 'none decided', side],
      [named('expected cost'), number(costOf(found, side, at)), side],
    ];
  }));
};

const makePositive = (control) => {
  const found = memberOf(control).positive;
  control.querySelector('label').firstChild.textContent = `Act where the probability of ${printable(found.class_name)} is at least `;
  makeThreshold(control, found, Math.round(0.5 * (found.threshold.length - 1)), ['positive'], (at) => sides(found, ['false_positive']).flatMap((side) => [
    [sided('false alarms', side, found, 'false_positive'), share(found[`${side}_false_positive`][at]), side],
    [sided('misses', side, found, 'false_positive'), share(found[`${side}_false_negative`][at]), side],
    [sided('expected cost', side, found, 'false_positive'), number(actCostOf(found, side, at)), side],
  ]));
};
