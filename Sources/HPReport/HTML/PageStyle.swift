/// Style sheets: dark on white, system fonts.
enum PageStyle {
    /// Of a page around its figures.
    static let rules: StaticString = """
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 16px; max-width: 992px; background: #fff; color: #1b1b1b;
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
          overflow-wrap: anywhere; }
        h1 { font-size: 1.5em; line-height: 1.25; margin: 0 0 .5em; }
        h2 { font-size: 1.15em; margin: 2em 0 .5em; border-bottom: 1px solid #ccc; }
        h3 { font-size: 1em; margin: 1.6em 0 .4em; }
        figure { margin: 0; }
        figcaption, .note { color: #444; font-size: .9em; margin: .5em 0; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; margin: 0; }
        dt { color: #555; }
        dd { margin: 0; }
        code, pre { font: .88em/1.45 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono",
          monospace; }
        pre { overflow-x: auto; padding: .8em; background: #f6f6f6; overflow-wrap: normal; }
        .scroll { overflow-x: auto; width: max-content; min-width: min(100%, 100vw - 48px);
          max-width: calc(100vw - 48px); position: relative; left: 50%;
          transform: translateX(-50%); background:
            linear-gradient(to right, #fff 30%, #fff0) left / 40px 100% no-repeat local,
            linear-gradient(to left, #fff 30%, #fff0) right / 40px 100% no-repeat local,
            linear-gradient(to right, #0004, #0000) left / 12px 100% no-repeat scroll,
            linear-gradient(to left, #0004, #0000) right / 12px 100% no-repeat scroll; }
        table { border-collapse: collapse; font-size: .85em; font-variant-numeric: tabular-nums;
          overflow-wrap: normal; }
        th, td { padding: .25em .6em; white-space: nowrap; text-align: left;
          border-bottom: 1px solid #e3e3e3; }
        th { border-bottom: 2px solid #888; }
        .right { text-align: right; }
        .COMPLETE { color: #00664a; }
        .DIVERGED, .FAIL { color: #b00020; }
        .PRUNED, .CANCELED, .WAITING { color: #666; }
        .RUNNING { color: #0b5394; }
        .code { font-weight: 600; }
        .warning { border-left: 4px solid #d55e00; padding-left: .7em; margin: .5em 0; }
        .move { margin: .6em 0; }
        svg { display: block; width: 100%; height: auto; }
        svg.narrow { display: none; max-width: 480px; margin: 0 auto; }
        svg.single { max-width: 480px; margin: 0 auto; }
        summary { font-weight: 600; margin: .8em 0 .4em; cursor: pointer; }
        .toggle figure.log { display: none; }
        .toggle input.log:checked ~ figure.log { display: block; }
        .toggle input.log:checked ~ figure.linear { display: none; }
        .toggle label { margin: 0 1em 0 .3em; }
        @media (max-width: 760px) {
          svg.wide { display: none; }
          svg.narrow { display: block; }
          dl { grid-template-columns: fit-content(50%) 1fr; }
        }
        @media print {
          body { max-width: none; font-size: 11pt; }
          svg.wide { display: block; }
          svg.narrow { display: none; }
          h2, h3, summary { break-after: avoid; }
          figure, .move { break-inside: avoid; }
          details::details-content { content-visibility: visible; height: auto; }
          .scroll, pre { overflow: visible; }
          .scroll { position: static; transform: none; width: auto; max-width: none;
            background: none; }
          table { font-size: 6.5pt; }
          th, td { white-space: normal; padding: .15em .35em; }
          pre { white-space: pre-wrap; }
        }
        """

    /// What figures look like, in a page or in a file of their own.
    static let figureRules: StaticString = """
        svg text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans",
          sans-serif; fill: #1b1b1b; }
        svg.narrow text, svg.single text { font-size: 11px; }
        svg .title { font-weight: 600; }
        .grid { stroke: #e6e6e6; }
        .frame { fill: none; stroke: #777; }
        .tick, .whisker, .zero { stroke: #333; }
        .boundary { stroke: #777; stroke-dasharray: 4 3; }
        .dot { stroke: #fff; stroke-width: .6; }
        .uncolored { fill: #4a6fa5; }
        .diverged { stroke: #d00000; stroke-width: 1.6; fill: none; }
        .fail { stroke: #777; stroke-width: 1.6; fill: none; }
        .pruned { stroke: #555; stroke-width: 1.2; fill: none; }
        .ring { stroke: #d55e00; stroke-width: 2.2; fill: none; }
        .filled { fill: #fff; }
        .best { stroke: #d55e00; stroke-width: 2; fill: none; }
        .curve { fill: none; stroke-width: 1.8; }
        .dashed { stroke-dasharray: 5 3; stroke-width: 1.3; stroke-opacity: .7; }
        .plain { stroke: #333; }
        .box { fill: none; stroke-width: 1.8; }
        .dash1 { stroke-dasharray: 8 4; }
        .dash2 { stroke-dasharray: 2 3; }
        .dash3 { stroke-dasharray: 9 3 2 3; }
        .band { fill: #009e73; fill-opacity: .13; }
        .usual { stroke: #009e73; stroke-opacity: .6; }
        .pixels { image-rendering: pixelated; }
        .bar { fill: #0072b2; fill-opacity: .65; }
        .ratio { fill: #999; fill-opacity: .7; }
        .range { fill-opacity: .55; stroke: none !important; }
        .halo { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
        .v0 { fill: #dde318; } .v1 { fill: #a5db36; } .v2 { fill: #6ece58; } .v3 { fill: #35b779; }
        .v4 { fill: #1f9e89; } .v5 { fill: #26828e; } .v6 { fill: #31688e; } .v7 { fill: #3e4989; }
        .v8 { fill: #482878; } .v9 { fill: #440154; }
        .s0 { stroke: #0072b2; } .s1 { stroke: #d55e00; } .s2 { stroke: #009e73; }
        .s3 { stroke: #cc79a7; } .s4 { stroke: #e69f00; } .s5 { stroke: #56b4e9; }
        .s6 { stroke: #000; } .s7 { stroke: #8a8a8a; }
        .range.s0 { fill: #0072b2; } .range.s1 { fill: #d55e00; } .range.s2 { fill: #009e73; }
        .range.s3 { fill: #cc79a7; } .range.s4 { fill: #e69f00; } .range.s5 { fill: #56b4e9; }
        .range.s6 { fill: #000; } .range.s7 { fill: #8a8a8a; }
        """
}
