// The temperature that a reader turns: readings and figures follow, from sums that the page holds.
const tempered = (slider, at) => slider.lower.map((lower, b) => {
  const weight = slider.weight[at][b];
  return {
    lower, upper: slider.upper[b], n: weight, weight, low: null, high: null, band_low: null, band_high: null,
    confidence: weight > 0 ? slider.confidence[at][b] / weight : null, accuracy: weight > 0 ? slider.correct[at][b] / weight : null,
  };
});

const drawTempered = (element) => {
  const slider = memberOf(element).slider;
  return put(element, tracesOf(tempered(slider, setAt(element) ?? 0), 'after', 'accuracy'), { ...axesOf('confidence', 'accuracy'), barmode: 'overlay' });
};

const readings = (list, pairs) => {
  list.replaceChildren(...pairs.map(([name, value, side]) => {
    const pair = document.createElement('div');
    const term = document.createElement('dt');
    const found = document.createElement('dd');
    term.textContent = name;
    found.textContent = value;
    found.dataset.name = name;
    if (side) found.className = side;
    pair.append(term, found);
    return pair;
  }));
};

const onFrame = (work) => {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; work(); });
  };
};

// Tell figures beside a control what was set, and draw them again.
const drawAt = (elements, at) => elements.forEach((element) => { element.dataset.at = at; DRAWINGS[element.dataset.kind](element); });

const neighbours = (control, kinds) => kinds.map((kind) => control.parentElement.querySelector(`[data-kind="${kind}"][data-member="${control.dataset.member}"]`));

const makeTemperature = (control) => {
  const slider = memberOf(control).slider;
  const input = control.querySelector('input');
  const figures = neighbours(control, ['tempered', 'sweep']);
  const buttons = slider.marks.map((mark) => {
    const button = document.createElement('button');
    const text = temperatureText(slider.temperatures[mark.index]);
    button.type = 'button';
    button.textContent = mark.label === text ? text : `${text}: ${printable(mark.label)}`;
    button.addEventListener('click', () => { input.value = mark.index; show(); });
    return button;
  });
  const redraw = onFrame(() => drawAt(figures, Number(input.value)));
  const show = () => {
    const at = Number(input.value);
    const text = temperatureText(slider.temperatures[at]);
    control.querySelector('.value').textContent = text;
    input.setAttribute('aria-valuetext', `T = ${text}, ECE ${number(slider.ece[at])}`);
    readings(control.querySelector('.readings'), [['ECE', number(slider.ece[at])], ['MCE', number(slider.mce[at])], ['log-loss', number(slider.nll[at])], ['Brier score', number(slider.brier[at])], ['accuracy', number(slider.accuracy)]]);
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(slider.marks[i].index === at)));
    redraw();
  };
  control.querySelector('datalist').append(...slider.marks.map((mark) => {
    const tick = document.createElement('option');
    tick.value = mark.index;
    return tick;
  }));
  input.max = slider.temperatures.length - 1;
  input.value = (slider.marks.find((mark) => mark.label.includes('fitted')) ?? slider.marks[0] ?? { index: 0 }).index;
  input.addEventListener('input', show);
  control.querySelector('.marks').append(...buttons);
  control.hidden = false;
  control.redraw = show;
  show();
};
