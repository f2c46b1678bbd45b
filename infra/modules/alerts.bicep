// What somebody has to know, and whom it is told. Each alert is a query over the program's own log lines or the host's,
// in ../queries; what to do about each is in README.md, under its name.

param name string
param location string
param tags object
param applicationInsightsId string
param email string
param enabled bool

// Severity: 0 the record is at a standstill, 1 events or jobs will be lost if nobody acts, 2 something is wrong that
// heals or can wait until tomorrow. An alert fires if, within `window`, the query gives more rows than `above`, or fewer
// than `below`.
var alerts = [
  {
    name: 'program-down'
    title: 'The program cannot start, or has crashed'
    query: loadTextContent('../queries/program-down.kql')
    severity: 0
    window: 'PT15M'
    every: 'PT5M'
    above: 0
  }
  {
    name: 'signature-failures'
    title: 'Events with a wrong signature'
    query: loadTextContent('../queries/signature-failures.kql')
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    above: 0
  }
  {
    name: 'invalid-events'
    title: 'Signed events that cannot be read'
    query: loadTextContent('../queries/invalid-events.kql')
    severity: 1
    window: 'PT1H'
    every: 'PT15M'
    above: 0
  }
  {
    name: 'poison'
    title: 'Jobs in the poison queue'
    query: loadTextContent('../queries/poison.kql')
    severity: 1
    window: 'P1D'
    every: 'PT15M'
    above: 0
  }
  {
    name: 'look-ups-refused'
    title: 'Spruce refuses the API token'
    query: loadTextContent('../queries/look-ups-refused.kql')
    severity: 1
    window: 'PT30M'
    every: 'PT15M'
    above: 0
  }
  {
    name: 'no-events'
    title: 'No event for a day: is the endpoint paused or disabled?'
    query: loadTextContent('../queries/events.kql')
    severity: 1
    window: 'P1D'
    every: 'PT1H'
    below: 1
  }
  {
    name: 'webhook-errors'
    title: 'The webhook answers with errors'
    query: loadTextContent('../queries/webhook-errors.kql')
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    above: 0
  }
  {
    name: 'webhook-slow'
    title: 'The webhook answers too slowly'
    query: loadTextContent('../queries/webhook-slow.kql')
    severity: 2
    window: 'PT15M'
    every: 'PT15M'
    // One cold start may be slow.
    above: 2
  }
  {
    name: 'jobs-failing'
    title: 'Jobs fail again and again'
    query: loadTextContent('../queries/jobs-failing.kql')
    severity: 2
    window: 'PT30M'
    every: 'PT15M'
    // The host repeats a job: a passing fault of storage heals by itself.
    above: 4
  }
  {
    name: 'look-ups-failing'
    title: 'Spruce\'s API fails'
    query: loadTextContent('../queries/look-ups-failing.kql')
    severity: 2
    window: 'PT1H'
    every: 'PT15M'
    above: 9
  }
  {
    name: 'host-restarts'
    title: 'The program is restarted again and again'
    query: loadTextContent('../queries/starts.kql')
    severity: 2
    window: 'PT1H'
    every: 'PT15M'
    // New instances are starts too: a busy day has some.
    above: 30
  }
  {
    name: 'reviews-waiting'
    title: 'Reviews have waited for more than two days'
    query: loadTextContent('../queries/reviews-waiting.kql')
    severity: 2
    window: 'PT6H'
    every: 'PT1H'
    above: 0
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'consent'
    emailReceivers: [
      { name: 'operator', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: '${name}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: ${alert.title}'
    description: 'What to do: infra/README.md, "${alert.name}".'
    severity: alert.severity
    enabled: enabled
    scopes: [applicationInsightsId]
    targetResourceTypes: ['microsoft.insights/components']
    windowSize: alert.window
    evaluationFrequency: alert.every
    // The tables appear with the first record.
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Count'
          operator: contains(alert, 'below') ? 'LessThan' : 'GreaterThan'
          threshold: alert.?below ?? alert.?above ?? 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}]
