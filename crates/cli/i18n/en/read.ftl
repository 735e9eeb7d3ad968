### Lists of alerts.

read-alert-counts-moment = No alert counts at this moment. Fetch what is new:  watchfire sync
read-full-id = In full:  watchfire show { $short }
read-1-thing-kept = 1 thing was kept aside and is not among the alerts:  watchfire held
read-things-kept-aside = { $aside } things were kept aside and are not among the alerts:  watchfire held
read-kept-aside-among = it was kept aside and is not among your alerts. If you expected it, ask a coordinator, by another way
read-nothing-kept-aside = Nothing was kept aside.
read-none-among-alerts = None of this is among your alerts, and there is nothing to do. If you expected one of them, ask a coordinator.
read-keep = Alerts stay in this vault for { $span } after they end, and with them who answered. Whoever opens the vault can read them.
