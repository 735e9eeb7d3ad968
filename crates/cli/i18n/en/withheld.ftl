### What a relay holds back.

withheld-withheld-had-alert = WITHHELD: { $tellers } had the alert { $short } of about { $about }, and it has not come here. The relay keeps it back, or lost it: ask a coordinator, by another way
withheld-silence-since-nothing = SILENCE since { $since }: nothing by a coordinator has come here. It may be quiet, or the relay keeps things back: ask a coordinator, by another way
withheld-sees-another-charter = { $who } sees another charter of version { $version } than this desk
withheld-sees-charter-version = { $who } sees charter version { $seen }, and this desk has version { $held }
withheld-still-sees-charter = { $who } still sees charter version { $seen }, and this desk has version { $held }
withheld-sees-other-restrictions = { $who } sees restrictions of coordinators that this desk does not have
withheld-sees-older-restrictions = { $who } does not see the restrictions of coordinators that are in force
withheld-sees-another-epoch = { $who } sees another epoch than this desk
withheld-still-sees-older = { $who } still sees an older epoch than this desk
withheld-compare-epoch-words = { $sees }: compare the epoch words by voice (watchfire status). If they differ, the relay shows two different views
