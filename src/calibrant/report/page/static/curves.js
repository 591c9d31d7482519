// Figures of one line or a few: methods, the sweep, decisions, training.
const drawMethods = (element) => {
  const narrow = element.clientWidth < 520;
  const { chosen, rows: all } = memberOf(element).methods;
  const rows = all.filter((row) => row.interval !== null).reverse();
  const far = (row) => Math.max(Math.abs(row.interval.low), Math.abs(row.interval.high));
  // What no calibration costs may dwarf all differences between methods; then it is named at the edge.
  const [near, identity] = [rows.filter((row) => row.method !== 'identity'), rows.find((row) => row.method === 'identity')];
  const most = Math.max(...near.map(far), 0);
  const off = identity !== undefined && near.length > 0 && far(identity) > 2 * most;
  const shown = off ? near : rows;
  const names = rows.map((row) => plain(row.method));
  const annotations = off ? [{ x: 1, xref: 'paper', xanchor: 'right', y: plain('identity'), text: `${number(identity.difference)} (${number(identity.interval.low)} to ${number(identity.interval.high)}) →`, showarrow: false, font: { size: 12, color: colour('soft') } }] : [];
  return put(element, [{
    type: 'scatter', mode: 'markers', x: shown.map((row) => row.difference), y: shown.map((row) => plain(row.method)),
    hovertext: shown.map((row) => `${plain(row.method)}: ${row.difference.toFixed(4)} (${number(row.interval.low)} to ${number(row.interval.high)})`), hoverinfo: 'text',
    marker: { size: 8, color: shown.map((row) => colour(row.method === chosen ? 'after' : 'ink')) },
    error_x: { type: 'data', symmetric: false, color: colour('soft'), thickness: 1.5, width: 3,
      array: shown.map((row) => row.interval.high - row.difference), arrayminus: shown.map((row) => row.difference - row.interval.low) },
  }], { height: 70 + 24 * rows.length, margin: { l: 52, r: 16, t: 8, b: 44 }, annotations, shapes: [upright(0)],
    xaxis: axis(narrow ? 'log-loss, difference' : 'log-loss minus that of temperature', { nticks: narrow ? 4 : 8 }),
    yaxis: axis('', { type: 'category', showgrid: false, categoryorder: 'array', categoryarray: names, range: [-0.6, rows.length - 0.4] }) });
};

// Log-loss over ECE: two panels on one axis of temperatures, for a curve is read against its own scale.
const drawSweep = (element) => {
  const at = setAt(element);
  const slider = memberOf(element).slider;
  const t = slider.temperatures;
  const hovertext = t.map((value, i) => `T = ${temperatureText(value)}<br>log-loss ${number(slider.nll[i])}<br>ECE ${number(slider.ece[i])}`);
  const shapes = slider.marks.map((mark) => ({ ...upright(t[mark.index]), line: { color: colour('band'), width: 1, dash: 'dot' } }));
  const traces = [['nll', 'y'], ['ece', 'y2']].flatMap(([name, yaxis]) => [
    line(t, slider[name], name, 'ink', { yaxis, hovertext, hoverinfo: 'text' }),
    { type: 'scatter', mode: 'markers', x: at === null ? [] : [t[at]], y: at === null ? [] : [slider[name][at]], yaxis, marker: { color: colour('after'), size: 11 }, hoverinfo: 'skip' },
  ]);
  if (at !== null) shapes.push({ ...upright(t[at]), line: { color: colour('after'), width: 2 } });
  return put(element, traces, { shapes,
    xaxis: axis('temperature T', { type: 'log', showgrid: false, anchor: 'y2', tickvals: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], tickformat: '~g' }),
    yaxis: axis('log-loss', { domain: [0.54, 1] }), yaxis2: axis('ECE', { domain: [0, 0.46], rangemode: 'tozero' }) });
};

const sides = (found, names) => ['before', 'after'].filter((side) => found[`${side}_${names[0]}`] !== null);

const drawCoverage = (element) => {
  const found = memberOf(element).deferral;
  const traces = sides(found, ['coverage']).map((side) => {
    const kept = found.threshold.map((t, i) => i).filter((i) => found[`${side}_coverage`][i] > 0);
    const risk = kept.map((i) => found[`${side}_errors`][i] / found[`${side}_coverage`][i]);
    return line(kept.map((i) => found[`${side}_coverage`][i]), risk, side, side, { hovertext: kept.map((i, at) => `${side}, confidence at least ${found.threshold[i].toFixed(2)}<br>decided ${share(found[`${side}_coverage`][i])}<br>errors among them ${share(risk[at])}`), hoverinfo: 'text', line: { color: colour(side), width: side === 'before' ? 3.5 : 2, dash: side === 'before' ? 'solid' : 'dash' } });
  });
  const at = setAt(element);
  if (at !== null) {
    const marked = sides(found, ['coverage']).filter((side) => found[`${side}_coverage`][at] > 0);
    traces.push({ type: 'scatter', mode: 'markers', x: marked.map((side) => found[`${side}_coverage`][at]), y: marked.map((side) => found[`${side}_errors`][at] / found[`${side}_coverage`][at]),
      marker: { size: 11, color: marked.map(colour), line: { color: colour('page'), width: 1.5 } }, showlegend: false, hoverinfo: 'skip' });
  }
  return put(element, traces, { showlegend: found.after_coverage !== null, xaxis: axis('share of rows decided', { tickformat: '.0%', range: [0, 1] }), yaxis: axis('errors among them', { tickformat: '.1~%', rangemode: 'tozero' }) });
};

const costOf = (found, side, i) => found[`${side}_errors`][i] + (1 - found.threshold[i]) * (1 - found[`${side}_coverage`][i]);
const actCostOf = (found, side, i) => found.threshold[i] * found[`${side}_false_positive`][i] + (1 - found.threshold[i]) * found[`${side}_false_negative`][i];

const drawCost = (element, found, names, cost) => put(element, sides(found, names).map((side) => {
  const costs = found.threshold.map((t, i) => cost(found, side, i));
  return line(found.threshold, costs, side, side, { hovertext: costs.map((value, i) => `${side}, t = ${found.threshold[i].toFixed(2)}<br>expected cost ${number(value)}`), hoverinfo: 'text', line: { color: colour(side), width: 2, dash: side === 'before' ? 'solid' : 'dash' } });
}), { showlegend: sides(found, names).length > 1, xaxis: axis('threshold t', { range: [0, 1] }), yaxis: axis('expected cost a row', { rangemode: 'tozero' }), shapes: setAt(element) === null ? [] : [upright(found.threshold[setAt(element)], 'ink')] });

const drawDeferralCost = (element) => drawCost(element, memberOf(element).deferral, ['coverage'], costOf);
const drawPositive = (element) => drawCost(element, memberOf(element).positive, ['false_positive'], actCostOf);

const TRAINED = {
  losses: [['train_loss', 'training'], ['val_loss', 'validation']],
  nll: [['val_nll', 'log-loss']],
  ece: [['val_ece', 'ECE']],
  temperature: [['val_temperature', 'temperature T']],
};

const drawTraining = (element) => {
  const run = memberOf(element).run;
  const columns = TRAINED[element.dataset.of];
  const x = run.epochs.map((row) => row.epoch);
  const traces = columns.map(([name, title], at) => line(x, run.epochs.map((row) => row[name]), title, at === 0 ? 'ink' : 'soft', {
    mode: x.length > 40 ? 'lines' : 'lines+markers', marker: { size: 5 }, line: { color: colour(at === 0 ? 'ink' : 'soft'), width: 2, dash: at === 0 ? 'solid' : 'dash' },
    hovertext: run.epochs.map((row) => `epoch ${row.epoch}<br>${title} ${number(row[name])}`), hoverinfo: 'text' }));
  const shapes = run.drops.map((epoch) => upright(epoch + 0.5));
  const annotations = run.drops.map((epoch, i) => flag(epoch + 0.5, i === 0 ? 'rate cut' : '', 'left'));
  if (run.kept_epoch !== null) {
    shapes.push({ ...upright(run.kept_epoch, 'ink'), line: { color: colour('after'), width: 1.5 } });
    annotations.push(flag(run.kept_epoch, 'kept', 'right'));
  }
  const last = x[x.length - 1];
  return put(element, traces, { showlegend: columns.length > 1, shapes, annotations, margin: { l: 52, r: 12, t: 46, b: 44 },
    legend: { orientation: 'h', x: 0, y: 1.12, yanchor: 'bottom', font: { size: 12 } },
    xaxis: axis('epoch', { showgrid: false, range: [x[0] - 0.5, last + 0.5], tickformat: 'd', ...(last - x[0] < 8 ? { dtick: 1 } : {}) }),
    yaxis: axis(columns.length > 1 ? 'loss' : columns[0][1], { rangemode: 'tozero' }) });
};
