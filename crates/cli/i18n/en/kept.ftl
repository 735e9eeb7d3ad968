### What somebody typed and did not send.

kept-began-alert = You began an alert { $ago } ({ $said }).
kept-began-report = You began a report { $ago } ({ $said }).
kept-go-on-with-it = Go on with it? [Y/n]
kept-nothing-yet = nothing said yet
kept-in-its-place = Throw it away, and begin this one?
kept-left = what you began before is as it was
kept-go-on = go on with it: { $command }
kept-still =
    What you typed is kept in the vault for 24 hours. To go on:  { $command }
    To throw it away: the same, and then n.
