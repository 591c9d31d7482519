// Figures of one line or a few: methods, the sweep, decisions, training.
const drawMethods = (element) => {
  const rows = memberOf(element).methods.rows.filter((row) => row.interval !== null).reverse();
  const middle = rows.map((row) => row.difference);
  const chosen = memberOf(element).methods.chosen;
  return put(element, [{
    type: 'scatter', mode: 'markers', x: middle, y: rows.map((row) => plain(row.method)),
    hovertext: rows.map((row) => `${plain(row.method)}: ${row.difference.toFixed(4)} (${number(row.interval.low)} to ${number(row.interval.high)})`), hoverinfo: 'text',
    marker: { size: 8, color: rows.map((row) => colour(row.method === chosen ? 'after' : 'before')) },
    error_x: { type: 'data', symmetric: false, color: colour('soft'), thickness: 1.5, width: 3,
      array: rows.map((row) => row.interval.high - row.difference), arrayminus: rows.map((row) => row.difference - row.interval.low) },
  }], { height: 90 + 21 * rows.length, xaxis: axis('log-loss minus temperature’s'), yaxis: axis('', { type: 'category', showgrid: false }), shapes: [upright(0)] });
};

const drawSweep = (element) => {
  const at = setAt(element);
  const slider = memberOf(element).slider;
  const shapes = slider.marks.map((mark) => upright(slider.temperatures[mark.index], 'line'));
  if (at !== null) shapes.push({ ...upright(slider.temperatures[at], 'after'), line: { color: colour('after'), width: 2 } });
  const hovered = slider.temperatures.map((t, i) => `T ${temperatureText(t)}<br>ECE ${number(slider.ece[i])}<br>log-loss ${number(slider.nll[i])}`);
  const shared = { hovertext: hovered, hoverinfo: 'text' };
  return put(element, [
    line(slider.temperatures, slider.ece, 'ECE', 'before', shared),
    line(slider.temperatures, slider.nll, 'log-loss', 'after', { ...shared, yaxis: 'y2', line: { color: colour('after'), width: 2, dash: 'dash' } }),
  ], { height: 280, showlegend: true, shapes, margin: { l: 52, r: 52, t: 30, b: 44 },
    xaxis: axis('temperature T', { type: 'log', showgrid: false, tickvals: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], tickformat: '~g' }),
    yaxis: axis('ECE', { rangemode: 'tozero' }), yaxis2: axis('log-loss', RIGHT) });
};

const sides = (found, names) => ['before', 'after'].filter((side) => found[`${side}_${names[0]}`] !== null);

const drawCoverage = (element) => {
  const found = memberOf(element).deferral;
  const traces = sides(found, ['coverage']).map((side) => {
    const kept = found.threshold.map((t, i) => i).filter((i) => found[`${side}_coverage`][i] > 0);
    const risk = kept.map((i) => found[`${side}_errors`][i] / found[`${side}_coverage`][i]);
    return line(kept.map((i) => found[`${side}_coverage`][i]), risk, side, side, { hovertext: kept.map((i, at) => `${side}, confidence at least ${found.threshold[i].toFixed(2)}<br>decided ${share(found[`${side}_coverage`][i])}<br>errors among them ${share(risk[at])}`), hoverinfo: 'text', line: { color: colour(side), width: side === 'before' ? 4 : 2, dash: side === 'before' ? 'solid' : 'dash' } });
  });
  return put(element, traces, { height: 280, showlegend: traces.length > 1, xaxis: axis('share of rows decided', { tickformat: '.0%', range: [0, 1] }), yaxis: axis('errors among them', { tickformat: '.1~%', rangemode: 'tozero' }) });
};

const costOf = (found, side, i) => found[`${side}_errors`][i] + (1 - found.threshold[i]) * (1 - found[`${side}_coverage`][i]);
const actCostOf = (found, side, i) => found.threshold[i] * found[`${side}_false_positive`][i] + (1 - found.threshold[i]) * found[`${side}_false_negative`][i];

const drawCost = (element, found, names, cost) => put(element, sides(found, names).map((side) => {
  const costs = found.threshold.map((t, i) => cost(found, side, i));
  return line(found.threshold, costs, side, side, { hovertext: costs.map((value, i) => `${side}, t = ${found.threshold[i].toFixed(2)}<br>expected cost ${number(value)}`), hoverinfo: 'text', line: { color: colour(side), width: 2, dash: side === 'before' ? 'solid' : 'dash' } });
}), { height: 280, showlegend: true, xaxis: axis('threshold t', { range: [0, 1] }), yaxis: axis('expected cost a row', { rangemode: 'tozero' }), shapes: setAt(element) === null ? [] : [upright(found.threshold[setAt(element)], 'ink')] });

const drawDeferralCost = (element) => drawCost(element, memberOf(element).deferral, ['coverage'], costOf);
const drawPositive = (element) => drawCost(element, memberOf(element).positive, ['false_positive'], actCostOf);

const TRAINED = {
  losses: [['train_loss', 'training loss', 'before'], ['val_loss', 'validation loss', 'after']],
  errors: [['val_nll', 'log-loss', 'before'], ['val_ece', 'ECE', 'after']],
  temperatures: [['val_temperature', 'T', 'before']],
};

const drawTraining = (element) => {
  const run = memberOf(element).run;
  const columns = TRAINED[element.dataset.of];
  const x = run.epochs.map((row) => row.epoch);
  const twice = element.dataset.of === 'errors';
  const traces = columns.map(([name, title, hue], at) => line(x, run.epochs.map((row) => row[name]), title, hue, {
    mode: 'lines+markers', marker: { size: 4 }, yaxis: twice && at === 1 ? 'y2' : 'y', line: { color: colour(hue), width: 2, dash: at === 0 ? 'solid' : 'dash' } }));
  const shapes = run.drops.map((epoch) => upright(epoch + 0.5));
  if (run.kept_epoch !== null) shapes.push({ ...upright(run.kept_epoch, 'ink'), line: { color: colour('ink'), width: 1 } });
  return put(element, traces, { height: 250, showlegend: true, shapes, margin: { l: 52, r: twice ? 52 : 12, t: 30, b: 44 },
    xaxis: axis('epoch', { showgrid: false }), yaxis: axis(columns[0][1].replace(/^training /, ''), twice ? {} : { rangemode: 'tozero' }), ...(twice ? { yaxis2: axis('ECE', { ...RIGHT, rangemode: 'tozero' }) } : {}) });
};
