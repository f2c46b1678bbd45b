// Who may do what: the least that works, by the built-in roles' ids, each on the one thing that it is for.

param storageName string
param queueNames array
param tableNames array

@description('The table that staff write; they only read the others.')
param staffWrites string

param vaultName string
param applicationInsightsName string

@description('The app\'s identity.')
param appPrincipalId string

@description('Staff who decide reviews; empty for none.')
param staffGroupId string

@description('Whoever sets the secrets and runs the command line; empty for nobody.')
param operatorId string
param operatorType string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var tableDataReader = '76199698-9eea-4c19-bc75-cec21354c6b6'
var vaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var vaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

var staffReads = filter(tableNames, table => table != staffWrites)

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' existing = [for queue in queueNames: {
  parent: queueService
  name: queue
}]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' existing = [for table in tableNames: {
  parent: tableService
  name: table
}]

resource staffTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' existing = [for table in staffReads: {
  parent: tableService
  name: table
}]

resource reviewTable 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' existing = {
  parent: tableService
  name: staffWrites
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

// The app.

// The host keeps its leases in containers that it makes itself, so the scope is the account; the account's blobs are
// those and the package. Patients' data is in no blob of it.
resource appBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, appPrincipalId, blobDataOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Contributor, not the narrower Message Processor: the host moves what failed too often to the poison queue, and shuts
// down if it may not.
resource appQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queue, i) in queueNames: {
  scope: queues[i]
  name: guid(queues[i].id, appPrincipalId, queueDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

resource appTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (table, i) in tableNames: {
  scope: tables[i]
  name: guid(tables[i].id, appPrincipalId, tableDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

resource appSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, vaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', vaultSecretsUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource appTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: applicationInsights
  name: guid(applicationInsights.id, appPrincipalId, monitoringMetricsPublisher)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Staff.

resource staffWorklist 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(staffGroupId)) {
  scope: reviewTable
  name: guid(reviewTable.id, staffGroupId, tableDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: staffGroupId
    principalType: 'Group'
  }
}

resource staffRecord 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (table, i) in staffReads: if (!empty(staffGroupId)) {
  scope: staffTables[i]
  name: guid(staffTables[i].id, staffGroupId, tableDataReader)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataReader)
    principalId: staffGroupId
    principalType: 'Group'
  }
}]

// The operator: sets the secrets, and runs the command line on queues and tables.

resource operatorSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  scope: vault
  name: guid(vault.id, operatorId, vaultSecretsOfficer)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', vaultSecretsOfficer)
    principalId: operatorId
    principalType: operatorType
  }
}

resource operatorQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queue, i) in queueNames: if (!empty(operatorId)) {
  scope: queues[i]
  name: guid(queues[i].id, operatorId, queueDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
    principalId: operatorId
    principalType: operatorType
  }
}]

resource operatorTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (table, i) in tableNames: if (!empty(operatorId)) {
  scope: tables[i]
  name: guid(tables[i].id, operatorId, tableDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: operatorId
    principalType: operatorType
  }
}]
