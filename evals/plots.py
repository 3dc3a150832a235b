"""Charts as inline SVG. Their colours are CSS variables of the page, for light and dark mode and for print."""

from collections.abc import Sequence
from html import escape

from evals.result import Bars, Chart, Curve, Reliability

_LEFT, _TOP, _WIDTH, _HEIGHT = 46, 22, 400, 220


def draw(chart: Chart) -> str:
    """Return a chart as an ``<svg>`` element with a title for screen readers."""
    if isinstance(chart, Bars):
        return _bars(chart)
    body = _curve(chart) if isinstance(chart, Curve) else _reliability(chart)
    return _svg(chart.title, _LEFT + _WIDTH + 20, _TOP + _HEIGHT + 42, body)


def _curve(chart: Curve) -> str:
    top = _round_up(max([*chart.risk, chart.chosen[1] if chart.chosen else 0.0]))
    points = [(_x(c), _y(r, top)) for c, r in zip(chart.coverage, chart.risk, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    floor = _y(0, top)
    area = f"{points[0][0]:.1f},{floor} {path} {points[-1][0]:.1f},{floor}"
    body = _axes("coverage: share of questions answered", "risk: share of answers wrong", top)
    body += f'<polygon class="area" points="{area}"/><polyline class="line" points="{path}"/>'
    if chart.chosen:
        x, y = _x(chart.chosen[0]), _y(chart.chosen[1], top)
        lines = ("the assistant:", f"{chart.chosen[0]:.0%} answered,", f"{chart.chosen[1]:.1%} of them wrong")
        anchor, dx = ("end", -9) if x > _LEFT + _WIDTH * 0.6 else ("start", 9)
        body += f'<line class="guide" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{floor}"/>'
        body += f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        for i, line in enumerate(lines):
            top_down = _TOP + 18 + 15 * i
            body += f'<text class="callout" x="{x + dx:.1f}" y="{top_down}" text-anchor="{anchor}">{line}</text>'
    return body


def _reliability(chart: Reliability) -> str:
    most = max(chart.counts)
    body = _axes("confidence", "share right", 1.0)
    body += f'<line class="guide" x1="{_x(0)}" y1="{_y(0, 1)}" x2="{_x(1)}" y2="{_y(1, 1)}"/>'
    points = list(zip(chart.confidence, chart.right, chart.counts, strict=True))
    path = " ".join(f"{_x(c):.1f},{_y(r, 1):.1f}" for c, r, _ in points)
    body += f'<polyline class="line" points="{path}"/>'
    for confidence, right, count in points:
        radius = 3 + 6 * (count / most) ** 0.5
        body += f'<circle class="dot soft" cx="{_x(confidence):.1f}" cy="{_y(right, 1):.1f}" r="{radius:.1f}">'
        body += f"<title>{count} answers: confidence {confidence:.2f}, right {right:.2f}</title></circle>"
    return body


def _bars(chart: Bars) -> str:
    left, row, width = 118, 30, 300
    height = row * len(chart.figures) + 10
    body = ""
    for i, (label, figure) in enumerate(zip(chart.labels, chart.figures, strict=True)):
        y = 6 + i * row
        body += f'<text class="label" x="{left - 10}" y="{y + 15}" text-anchor="end">{escape(label)}</text>'
        body += f'<rect class="track" x="{left}" y="{y}" width="{width}" height="22" rx="3"/>'
        body += f'<rect class="bar" x="{left}" y="{y}" width="{max(figure.value, 0) * width:.1f}" height="22" rx="3"/>'
        if figure.low is not None and figure.high is not None:
            low, high, middle = left + figure.low * width, left + figure.high * width, y + 11
            ends = f"M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"
            body += f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}{ends}"/>'
        body += f'<text class="value" x="{left + width + 8}" y="{y + 15}">{figure.value:.3f}</text>'
    return _svg(chart.title, left + width + 56, height, body)


def _axes(across: str, upward: str, top: float) -> str:
    body = ""
    for step in range(5):
        share = step / 4
        y, x = _y(share * top, top), _x(share)
        body += f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        body += f'<text class="tick" x="{_LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{_percent(share * top)}</text>'
        body += f'<text class="tick" x="{x:.1f}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{share:.0%}</text>'
    body += f'<text class="axis" x="{_LEFT + _WIDTH}" y="{_TOP + _HEIGHT + 34}" text-anchor="end">{across} →</text>'
    return body + f'<text class="axis" x="{_LEFT - 4}" y="{_TOP - 10}">↑ {upward}</text>'


def _svg(title: str, width: float, height: float, body: str) -> str:
    name = escape(title)
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{name}"><title>{name}</title>{body}</svg>'
    )


def _x(share: float) -> float:
    return _LEFT + share * _WIDTH


def _y(value: float, top: float) -> float:
    return _TOP + _HEIGHT * (1 - value / top)


def _round_up(value: float) -> float:
    return next((top for top in (0.1, 0.2, 0.4, 0.6, 0.8) if value <= top), 1.0)


def _percent(value: float) -> str:
    return f"{value:.1%}" if round(value * 100, 6) % 1 else f"{value:.0%}"


def evenly_spaced(values: Sequence[float], limit: int = 300) -> list[int]:
    """Return the indices of at most ``limit`` evenly spaced points, including both ends."""
    if len(values) <= limit:
        return list(range(len(values)))
    return sorted({round(i * (len(values) - 1) / (limit - 1)) for i in range(limit)})
