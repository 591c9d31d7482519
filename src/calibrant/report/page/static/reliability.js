// Reliability diagrams: accuracy against confidence, over the histogram of the same bins.
const DIAGONAL = { type: 'line', x0: 0, y0: 0, x1: 1, y1: 1, line: { width: 1.5, dash: 'dash' } };

const axesOf = (name, outcome) => ({
  xaxis: axis(name, { range: [0, 1.01], anchor: 'y2', dtick: 0.2 }),
  yaxis: axis(outcome, { range: [0, 1.02], domain: [0.3, 1], dtick: 0.2 }),
  yaxis2: axis('rows', { domain: [0, 0.22], rangemode: 'tozero', tickformat: '.0%', nticks: 3 }),
  shapes: [{ ...DIAGONAL, line: { ...DIAGONAL.line, color: colour('soft') } }],
});

const hover = (bin, total, outcome = 'accuracy') => [
  `${outcome === 'accuracy' ? 'confidence' : 'probability'} ${bin.lower.toFixed(3)} to ${bin.upper.toFixed(3)}`,
  `${count(bin.n)} rows, ${share(bin.weight / total)}`,
  `mean ${outcome === 'accuracy' ? 'confidence' : 'probability'} ${number(bin.confidence)}`,
  `${outcome} ${number(bin.accuracy)}`,
  bin.low === null ? '' : `95 % interval ${number(bin.low)} to ${number(bin.high)}`,
  bin.band_low === null ? '' : `if calibrated ${number(bin.band_low)} to ${number(bin.band_high)}`,
].filter(Boolean).join('<br>');

const tracesOf = (bins, hue, outcome) => {
  const full = bins.filter((bin) => bin.accuracy !== null);
  const total = bins.reduce((sum, bin) => sum + bin.weight, 0);
  const middle = full.map((bin) => (bin.lower + bin.upper) / 2);
  const width = full.map((bin) => bin.upper - bin.lower);
  const text = full.map((bin) => hover(bin, total, outcome));
  const shared = { x: middle, width, hovertext: text, hoverinfo: 'text' };
  const banded = full.filter((bin) => bin.band_low !== null);
  return [
    { type: 'bar', ...shared, y: full.map((bin) => bin.accuracy), marker: { color: colour(`${hue}-pale`), line: { color: colour('page'), width: 1 } } },
    { type: 'bar', x: banded.map((bin) => (bin.lower + bin.upper) / 2), width: banded.map((bin) => 0.7 * (bin.upper - bin.lower)),
      base: banded.map((bin) => bin.band_low), y: banded.map((bin) => bin.band_high - bin.band_low), hoverinfo: 'skip',
      marker: { color: colour('band'), opacity: 0.45 } },
    { type: 'scatter', mode: 'markers', x: full.map((bin) => bin.confidence), y: full.map((bin) => bin.accuracy),
      hovertext: text, hoverinfo: 'text', marker: { color: colour(hue), size: 8 },
      error_y: { type: 'data', symmetric: false, color: colour(hue), thickness: 1.5, width: 0,
        array: full.map((bin) => (bin.high ?? bin.accuracy) - bin.accuracy), arrayminus: full.map((bin) => bin.accuracy - (bin.low ?? bin.accuracy)) } },
    { type: 'bar', ...shared, y: full.map((bin) => bin.weight / total), yaxis: 'y2', marker: { color: colour(hue), opacity: 0.75 } },
  ];
};

const drawReliability = (element) => {
  const panel = memberOf(element).panels[Number(element.dataset.panel)];
  const side = element.dataset.side;
  const [name, outcome] = panel.class_index === null ? ['confidence', 'accuracy'] : ['probability', 'frequency'];
  const shape = { ...axesOf(name, outcome), barmode: 'overlay' };
  shape.annotations = [{ text: plain(panel.title) + (panel.after === null ? '' : `, ${side}`), x: 0, y: 1.02, xref: 'paper', yref: 'paper', yanchor: 'bottom', showarrow: false, font: { size: 14 } }];
  return put(element, tracesOf(panel[side].bins, side, outcome), shape);
};

const drawClasses = (element) => {
  const worst = memberOf(element).classes.filter((row) => row.before !== null).slice(0, 12);
  const columns = Math.min(worst.length, element.clientWidth < 520 ? 2 : 4);
  const rows = Math.ceil(worst.length / columns);
  const shape = { grid: { rows, columns, pattern: 'independent', xgap: 0.16, ygap: 0.34 }, height: 70 + 165 * rows, annotations: [], shapes: [], showlegend: true, legend: { orientation: 'h', x: 0, y: 1 + 0.24 / rows, yanchor: 'bottom', itemsizing: 'constant' }, margin: { l: 32, r: 8, t: 58, b: 28 } };
  const traces = [];
  worst.forEach((row, at) => {
    const tail = at === 0 ? '' : String(at + 1);
    for (const side of ['before', 'after'].filter((name) => row[name] !== null)) {
      const full = row[side].bins.filter((bin) => bin.accuracy !== null);
      const total = full.reduce((sum, bin) => sum + bin.weight, 0);
      traces.push({ type: 'scatter', mode: 'markers', cliponaxis: false, x: full.map((bin) => bin.confidence), y: full.map((bin) => bin.accuracy), xaxis: `x${tail}`, yaxis: `y${tail}`,
        name: side, showlegend: at === 0, hovertext: full.map((bin) => `${side}<br>${hover(bin, total, 'frequency')}`), hoverinfo: 'text', marker: { color: colour(side), opacity: 0.85, size: full.map((bin) => 4 + 12 * Math.sqrt(bin.weight / total)), symbol: side === 'before' ? 'circle' : 'diamond', line: { color: colour('page'), width: 0.5 } } });
    }
    shape[`xaxis${tail}`] = axis('', { range: [0, 1], tickvals: [0, 0.5, 1] });
    shape[`yaxis${tail}`] = axis('', { range: [0, 1.02], tickvals: [0, 0.5, 1] });
    shape.shapes.push({ ...DIAGONAL, xref: `x${tail}`, yref: `y${tail}`, line: { ...DIAGONAL.line, color: colour('soft') } });
    const name = row.name.length > 16 ? `${row.name.slice(0, 15)}…` : row.name;
    shape.annotations.push({ text: plain(name), xref: `x${tail} domain`, yref: `y${tail} domain`, x: 0, y: 1.04, yanchor: 'bottom', showarrow: false, font: { size: 12 } });
  });
  return put(element, traces, shape);
};
