// ECharts with only what the pages draw: lines and bars as SVG, with words for screen readers.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

// Each <div data-chart="id"> names the <script type="application/json"> that holds its data:
// {labels: [...], series: [{name, kind, stack, colour, values: [...]}], unit, max}.
for (const box of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const chart = init(box, null, { renderer: "svg" });
  const font = getComputedStyle(document.body).fontFamily;
  chart.setOption({
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: font },
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, left: 0, icon: "roundRect" } : undefined,
    // Rich text, because a style attribute in HTML is refused by the page's security policy.
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: data.labels, axisTick: { show: false } },
    yAxis: { type: "value", max: data.max, axisLabel: { formatter: `{value}${data.unit || ""}` } },
    series: data.series.map((line) => ({
      name: line.name,
      type: line.kind || "line",
      stack: line.stack,
      data: line.values,
      connectNulls: false,
      symbolSize: 7,
      lineStyle: { width: 2.5 },
      areaStyle: line.kind === "bar" ? undefined : { opacity: 0.08 },
      itemStyle: { color: line.colour },
    })),
  });
  addEventListener("resize", () => chart.resize());
}
